# Unmodified MSAL Python in a process of its own. One line of JSON tells the flow, one answers.
import json
import sys
from urllib.parse import parse_qsl, urlsplit

import msal
import requests


def write(value):
    print(json.dumps(value), flush=True)


def ask(name, value):
    write({"ask": name, "value": value})
    return json.loads(sys.stdin.readline())


def confidential(given, client="web", credential=None):
    return msal.ConfidentialClientApplication(
        given[client]["clientId"],
        client_credential=credential or given[client]["secret"],
        authority=given["authority"],
        instance_discovery=False,
    )


def public(given, http_client=None):
    return msal.PublicClientApplication(
        given["device"],
        authority=given["authority"],
        instance_discovery=False,
        http_client=http_client,
    )


class WithPort(requests.Session):
    # MSAL Python asks for the realm of a user at the host of its authority, and leaves out the port.
    def __init__(self, origin):
        super().__init__()
        self.origin = origin

    def request(self, method, url, *args, **kwargs):
        whole = url.replace("https://localhost/", f"{self.origin}/")
        return super().request(method, whole, *args, **kwargs)


def sign_in(given, app):
    flow = app.initiate_auth_code_flow([given["scope"]], redirect_uri=given["redirectUri"])
    location = ask("signIn", flow["auth_uri"])
    return app.acquire_token_by_auth_code_flow(flow, dict(parse_qsl(urlsplit(location).query)))


def code(given):
    return sign_in(given, confidential(given))


def refresh(given):
    app = confidential(given)
    sign_in(given, app)
    account = app.get_accounts()[0]
    return app.acquire_token_silent([given["scope"]], account=account, force_refresh=True)


def secret(given):
    return confidential(given).acquire_token_for_client([given["appScope"]])


def certificate(given):
    credential = {"private_key": given["privateKey"], "thumbprint": given["thumbprint"]}
    return confidential(given, credential=credential).acquire_token_for_client([given["appScope"]])


def on_behalf_of(given):
    return confidential(given, "api").acquire_token_on_behalf_of(given["assertion"], [given["tasksScope"]])


def device_code(given):
    app = public(given)
    flow = app.initiate_device_flow([given["scope"]])
    ask("enterDeviceCode", flow["user_code"])
    return app.acquire_token_by_device_flow(flow)


def password(given):
    return public(given, WithPort(given["authorityHost"])).acquire_token_by_username_password(
        given["username"], given["password"], [given["scope"]]
    )


def names(_given):
    found = {name for each in (msal, msal.PublicClientApplication, msal.ConfidentialClientApplication) for name in dir(each)}
    return {"names": sorted(name for name in found if not name.startswith("_"))}


flows = {
    "code": code,
    "refresh": refresh,
    "secret": secret,
    "certificate": certificate,
    "onBehalfOf": on_behalf_of,
    "deviceCode": device_code,
    "password": password,
    "names": names,
}

for line in sys.stdin:
    told = json.loads(line)
    try:
        result = flows[told["flow"]](told["input"])
        write({"failure": json.dumps(result)} if "error" in result else {"result": result})
    except Exception as error:  # whatever it is, the test says it
        write({"failure": repr(error)})
