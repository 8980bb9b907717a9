"""A web API in Python, protected by the sidecar beside it: standard library alone.

GET /whoami  who called, as the sidecar validated it
GET /todos   the to-do list of the caller, from another API, on behalf of the caller
POST /todos  a new entry in it
GET /me      the caller's profile, from Microsoft Graph
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

SIDECAR = os.environ.get("SIDECAR_URL", "http://localhost:8080")

# The sidecar is on this host: no proxy stands in between, whatever the environment says.
sidecar = build_opener(ProxyHandler({}))


class Refused(Exception):
    """What our caller is answered with instead: the status, challenge and body that the sidecar gave."""

    def __init__(self, status, body=b"", headers=()):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


def ask(path, authorization, body=None):
    """Asks the sidecar with the token of our caller."""
    headers = {"Content-Type": "application/json"}
    if authorization is not None:
        headers["Authorization"] = authorization
    try:
        with sidecar.open(Request(SIDECAR + path, data=body, headers=headers), timeout=35) as answer:
            return json.load(answer)
    except HTTPError as error:
        # A 401 holds what the client has to do next, MFA for one: passed on, it can do it.
        kept = ("WWW-Authenticate", "Retry-After", "Content-Type")
        found = [(name, error.headers[name]) for name in kept if error.headers[name] is not None]
        raise Refused(error.code, error.read(), found) from None
    except URLError:
        raise Refused(503, headers=[("Retry-After", "5")]) from None


def call(api, authorization, method="GET", path="", body=None):
    """Calls another API on behalf of our caller."""
    options = {"optionsOverride.HttpMethod": method}
    if path:
        options["optionsOverride.RelativePath"] = path
    answer = ask(f"/DownstreamApi/{api}?{urlencode(options)}", authorization, body or b"")
    if not 200 <= answer["statusCode"] < 300:
        raise Refused(502)
    return json.loads(answer["content"]) if answer["content"] else None


def whoami(authorization, _body):
    claims = ask("/Validate", authorization)["claims"]
    return {"objectId": claims.get("oid"), "tenantId": claims.get("tid"), "name": claims.get("name")}


ROUTES = {
    ("GET", "/whoami"): whoami,
    ("GET", "/todos"): lambda authorization, _body: call("todo", authorization, path="todos"),
    ("POST", "/todos"): lambda authorization, body: call("todo", authorization, "POST", "todos", body),
    ("GET", "/me"): lambda authorization, _body: call("graph", authorization, path="me"),
}


class Api(BaseHTTPRequestHandler):
    def handle_request(self):
        route = ROUTES.get((self.command, self.path))
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        try:
            if route is None:
                raise Refused(404)
            result = route(self.headers.get("Authorization"), body)
            self.answer(200, json.dumps(result).encode(), [("Content-Type", "application/json")])
        except Refused as refused:
            self.answer(refused.status, refused.body, refused.headers)

    do_GET = do_POST = handle_request

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "5000"))), Api)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
