"""Short ways to write a mistake down."""

from tests.beanstalk.check.planting import Planted, options

X = ".ebextensions/50-x.config"
IN_X = f"b.zip/{X}"
NGINX = ".platform/nginx/conf.d"
HOOK = ".platform/hooks/predeploy/10-x.sh"
DAEMON = ".ebextensions/30-daemon.config"
SQSD = "aws:elasticbeanstalk:sqsd:\n  "


def setting(rule: str, line: int, text: str, **more: object) -> Planted:
    return Planted(rule, IN_X, line, {X: options(text)}, **more)  # type: ignore[arg-type]


def config(rule: str, line: int, text: str, **more: object) -> Planted:
    return Planted(rule, IN_X, line, {X: text}, **more)  # type: ignore[arg-type]


def saved(rule: str, line: int, text: str, **more: object) -> Planted:
    return Planted(rule, "saved.cfg.yml", line, {}, saved=text, **more)  # type: ignore[arg-type]


def daemon(**timeouts: int) -> str:
    return options(SQSD + "\n  ".join(f"{name}: {value}" for name, value in timeouts.items()))
