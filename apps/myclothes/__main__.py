from apps.chassis.commands import main
from apps.myclothes import SITE

main(SITE)
