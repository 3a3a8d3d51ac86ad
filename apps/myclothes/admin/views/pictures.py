"""The picture of a variant, sent by whoever looks after the catalogue."""

from flask import Blueprint, abort, redirect, request, url_for

from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.chassis.pictures import IsDamaged, IsDrawing, NotAPicture, TooManyPixels
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin.counter import audit
from apps.myclothes.admin.product_forms import VariantForm
from apps.myclothes.admin.products import give_picture
from apps.myclothes.admin.views.products import tell_shop
from apps.myclothes.admin.views.variants import Answer, answer, variant_of
from apps.myclothes.catalog.webp import shrunk

MOST_BYTES = 5 * 1024 * 1024
FORM_BYTES = 64 * 1024
TOO_LARGE = later("This file is too large: a picture may have up to 5 MB.")
REASONS = {
    IsDrawing: later("SVG drawings are not taken, since they can carry scripts. Please save it as PNG first."),
    IsDamaged: later("This picture is damaged or incomplete; it could not be read to its end."),
    NotAPicture: later("This is not a JPEG, PNG, GIF or WebP picture, whatever its name says."),
}

pictures = Blueprint("pictures", __name__)


@pictures.post("/variants/<int:variant_id>/picture")
def create(variant_id: int) -> Answer:
    """Show what was sent for all sizes of the variant's colour."""
    actor = require_role(Role.MANAGER)
    # Decoding takes its time, in which nobody else could write to SQLite.
    db().rollback()
    data = sent()
    try:
        made = shrunk(data)
    except (NotAPicture, TooManyPixels) as error:
        return refused(variant_id, explanation(error) if data else _("Please choose a file."))
    variant = variant_of(variant_id)
    if changed := give_picture(db(), variant, made):
        audit(actor, "variant.picture", variant.sku, **changed)
        tell_shop(variant.product)
    return redirect(url_for("admin.variants.edit", variant_id=variant_id, done="saved"), 303)


def sent() -> bytes:
    """What was chosen in the form, nothing if nothing was; 413 if it is too large, at best before it is read."""
    request.max_content_length = MOST_BYTES + FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        abort(413, _(TOO_LARGE))
    file = request.files.get("file")
    data = file.read() if file else b""
    if len(data) > MOST_BYTES:
        abort(413, _(TOO_LARGE))
    return data


def explanation(error: NotAPicture | TooManyPixels) -> str:
    """Why the picture is not taken, in the visitor's language."""
    if isinstance(error, NotAPicture):
        return _(REASONS[type(error)])
    found, most = round(error.width * error.height / 1e6), round(error.most / 1e6)
    return _(
        "This picture has %(found)d megapixels. At most %(most)d are taken; please make it smaller first.",
        found=found,
        most=most,
    )


def refused(variant_id: int, problem: str) -> Answer:
    variant = variant_of(variant_id)
    return answer(variant.product, variant, VariantForm.of(variant), 422, problem)
