"""What goes wrong, in the form and with the codes that clients of WordPress know."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apps.mywordpress.accounts.models import User


class ApiError(Exception):
    """An answer that is an error: `code` is for programs, `message` for people."""

    def __init__(self, code: str, message: str, status: int, **data: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data = data

    def body(self) -> dict[str, Any]:
        """As it is answered."""
        return {"code": self.code, "message": self.message, "data": {"status": self.status, **self.data}}


def refused(user: "User | None", code: str, message: str) -> ApiError:
    """403 for whoever is known and may not, 401 for whoever might be allowed if we knew them."""
    return ApiError(code, message, 403 if user else 401)


def forbidden(user: "User | None") -> ApiError:
    """What may not even be looked at."""
    return refused(user, "rest_forbidden", "Sorry, you are not allowed to do that.")


def no_route() -> ApiError:
    return ApiError("rest_no_route", "No route was found matching the URL and request method.", 404)


def invalid_parameters(params: Mapping[str, str], details: Mapping[str, Any]) -> ApiError:
    """Parameters that are not what they should be, each with its reason."""
    message = f"Invalid parameter(s): {', '.join(params)}"
    return ApiError("rest_invalid_param", message, 400, params=dict(params), details=dict(details))


def invalid_parameter(name: str, message: str, code: str = "rest_invalid_param") -> ApiError:
    """One such parameter."""
    return invalid_parameters({name: message}, {name: {"code": code, "message": message, "data": None}})


def missing_parameters(names: list[str]) -> ApiError:
    return ApiError("rest_missing_callback_param", f"Missing parameter(s): {', '.join(names)}", 400, params=names)


def trash_not_supported(what: str) -> ApiError:
    """It can be deleted for good, and in no other way."""
    return ApiError("rest_trash_not_supported", f"{what} do not support trashing. Set 'force=true' to delete.", 501)


def page_too_high(kind: str) -> ApiError:
    message = "The page number requested is larger than the number of pages available."
    return ApiError(f"rest_{kind}_invalid_page_number", message, 400)
