"""The gate before every quotation: headers, token, keys, the TR of the path."""

from collections.abc import Mapping

from tests.kis_emulator.endpoints.request import Endpoint
from tests.kis_emulator.envelope import RefusedError, refused
from tests.kis_emulator.tokens import TokenOffice, check_keys


def _forbidden(code: str) -> RefusedError:
    return refused(code, status=403)


def check_headers(
    headers: Mapping[str, str], endpoint: Endpoint, office: TokenOffice
) -> None:
    """Passes a well-dressed call.

    Raises:
        RefusedError: The first thing that is wrong, in the gateway's order.
    """
    if not headers.get("content-type", "").startswith("application/json"):
        raise refused("EGW00132")
    scheme, _, token = headers.get("authorization", "").partition(" ")
    check_keys(headers.get("appkey"), headers.get("appsecret"), _forbidden)
    if scheme != "Bearer" or not token:
        raise refused("EGW00205")
    office.check(token)
    if headers.get("custtype") not in ("P", "B"):
        raise refused("EGW00208")
    if headers.get("tr_id") != endpoint.tr_id:
        raise refused("OPSQ0002")
