"""Draw every picture that the catalogue of MyClothes names: python -m tools.draw_products"""

import csv
from collections.abc import Callable
from pathlib import Path

from tools.garments import accessories, bottoms, coats, dresses, knitwear, shoes, tops
from tools.garments.cloth import Dye, Sheet

SITE = Path(__file__).parent.parent / "apps" / "myclothes"

DRAWINGS: dict[str, tuple[Callable[[Sheet], None], str]] = {
    "Crossing overcoat": (coats.overcoat, "fine"),
    "Harbour trench": (coats.trench, "twill"),
    "Unlined blazer": (coats.blazer, "pinstripe"),
    "Chore jacket": (coats.chore_jacket, "twill"),
    "Quilted liner": (coats.quilted, "quilt"),
    "Down jacket": (coats.puffer, "plain"),
    "Hooded raincoat": (coats.raincoat, "plain"),
    "Everyday crew": (knitwear.sweater, "knit"),
    "Aran cable jumper": (knitwear.cabled, "fine"),
    "Fine roll-neck": (knitwear.rollneck, "fine"),
    "Library cardigan": (knitwear.cardigan, "knit"),
    "Knitted vest": (knitwear.vest, "knit"),
    "Ribbed jumper": (knitwear.sweater, "rib"),
    "Oxford shirt": (tops.shirt, "plain"),
    "Linen camp shirt": (tops.camp_shirt, "linen"),
    "Field overshirt": (tops.overshirt, "twill"),
    "Flannel shirt": (tops.shirt, "check"),
    "Striped poplin shirt": (tops.shirt, "pinstripe"),
    "Gathered blouse": (tops.blouse, "plain"),
    "Heavy tee": (tops.tee, "plain"),
    "Breton top": (tops.breton, "stripe"),
    "Shirt dress": (dresses.shirt_dress, "linen"),
    "Bias slip dress": (dresses.slip_dress, "plain"),
    "Wrap dress": (dresses.wrap_dress, "print"),
    "Ribbed knit dress": (dresses.knit_dress, "rib"),
    "Tiered sundress": (dresses.tiered_dress, "plain"),
    "Corduroy pinafore": (dresses.pinafore, "rib"),
    "Wool trousers": (bottoms.trousers, "twill"),
    "Wide pleated trousers": (bottoms.wide_trousers, "plain"),
    "Linen drawstring trousers": (bottoms.drawstring, "linen"),
    "Corduroy trousers": (bottoms.cords, "rib"),
    "Selvedge jeans": (bottoms.jeans, "twill"),
    "Walking shorts": (bottoms.shorts, "linen"),
    "Slip skirt": (bottoms.skirt, "plain"),
    "Pleated tartan skirt": (bottoms.pleated_skirt, "check"),
    "Buttoned denim skirt": (bottoms.buttoned_skirt, "twill"),
    "Corduroy skirt": (bottoms.buttoned_skirt, "rib"),
    "Penny loafers": (shoes.loafers, "plain"),
    "Plain derbies": (shoes.derbies, "plain"),
    "Ankle boots": (shoes.boots, "plain"),
    "Canvas trainers": (shoes.trainers, "linen"),
    "Buckled sandals": (shoes.sandals, "plain"),
    "Fisherman beanie": (accessories.beanie, "plain"),
    "Wool felt hat": (accessories.felt_hat, "plain"),
    "Bucket hat": (accessories.bucket_hat, "linen"),
    "Tartan scarf": (accessories.scarf, "check"),
    "Market tote": (accessories.tote, "linen"),
    "Half-moon bag": (accessories.crossbody, "plain"),
    "Rolltop backpack": (accessories.backpack, "twill"),
    "Ribbed socks": (accessories.socks, "rib"),
    "Bridle belt": (accessories.belt, "plain"),
}


def main() -> None:
    folder = SITE / "static" / "products"
    folder.mkdir(parents=True, exist_ok=True)
    with (SITE / "catalogue.csv").open(encoding="utf-8", newline="") as lines:
        wanted = {row["picture"]: row for row in csv.DictReader(lines)}
    for picture, row in wanted.items():
        (folder / picture).write_text(drawn(row["product"], row["colour"], row["swatch"]), encoding="utf-8")
    print(f"{len(wanted)} pictures drawn")


def drawn(product: str, colour: str, swatch: str) -> str:
    draw, weave = DRAWINGS[product]
    sheet = Sheet(Dye.of(swatch), weave)
    draw(sheet)
    return sheet.svg(f"{product}, {colour.lower()}")


if __name__ == "__main__":
    main()
