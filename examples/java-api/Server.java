// A web API in Java, protected by the sidecar beside it: the JDK alone, one file.
//
// GET /whoami  who called, as the sidecar validated it
// GET /todos   the to-do list of the caller, from another API, on behalf of the caller
// POST /todos  a new entry in it
// GET /me      the caller's profile, from Microsoft Graph

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Server {
  // The sidecar is on this host: no proxy stands in between, and no redirect leads away from it.
  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();
  static final String SIDECAR =
      Optional.ofNullable(System.getenv("SIDECAR_URL")).orElse("http://localhost:8080");
  // What the client has to do next, MFA for one, is in the challenge: passed on, it can do it.
  static final List<String> KEPT = List.of("WWW-Authenticate", "Retry-After", "Content-Type");

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(Optional.ofNullable(System.getenv("PORT")).orElse("5000"));
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/whoami", exchange -> whoami(exchange));
    server.createContext("/todos", exchange -> call(exchange, "todo", "todos"));
    server.createContext("/me", exchange -> call(exchange, "graph", "me"));
    server.start();
    System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The sidecar has validated the token: its claims are the caller. */
  static void whoami(HttpExchange exchange) throws IOException {
    HttpResponse<byte[]> answer = ask(exchange, "GET", "/Validate");
    if (answer == null || answer.statusCode() != 200) {
      relay(exchange, answer);
      return;
    }
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    String said = "{\"objectId\":\"%s\",\"tenantId\":\"%s\"}".formatted(claim(text, "oid"), claim(text, "tid"));
    send(exchange, 200, said.getBytes(StandardCharsets.UTF_8), only("Content-Type", "application/json"));
  }

  /** A claim that is an id. Within a text, quotation marks are escaped: nobody's name can look like a claim. */
  static String claim(String text, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([0-9a-f-]{36})\"").matcher(text);
    return found.find() ? found.group(1) : "";
  }

  /** Calls another API on behalf of the caller: its status, headers and body come as they are. */
  static void call(HttpExchange exchange, String api, String path) throws IOException {
    relay(exchange, ask(exchange, exchange.getRequestMethod(), "/Proxy/" + api + "/" + path));
  }

  /** Asks the sidecar with the token of our caller; {@code null} when it does not answer. */
  static HttpResponse<byte[]> ask(HttpExchange exchange, String method, String path) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(SIDECAR + path))
        .timeout(Duration.ofSeconds(35))
        .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (String name : List.of("Authorization", "Content-Type")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) request.header(name, value);
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException unreachable) {
      return null;
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  static void relay(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
    if (answer == null) send(exchange, 503, new byte[0], only("Retry-After", "5"));
    else send(exchange, answer.statusCode(), answer.body(), answer.headers()::firstValue);
  }

  static Function<String, Optional<String>> only(String header, String value) {
    return name -> name.equals(header) ? Optional.of(value) : Optional.empty();
  }

  static void send(HttpExchange exchange, int status, byte[] body, Function<String, Optional<String>> headers)
      throws IOException {
    try (exchange) {
      for (String name : KEPT) headers.apply(name).ifPresent(value -> exchange.getResponseHeaders().set(name, value));
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
