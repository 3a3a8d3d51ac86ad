"""python -m apps.mywordpress COMMAND"""

from apps.chassis.commands import main
from apps.mywordpress import SITE

main(SITE)
