"""An environment's saved configuration, rendered from the templates in infra/stages and what the stacks tell.

The templates of an environment are those whose names are made of its parts: `common`, its tier, its stage, its app, and
their combinations. An option is set by one of them only. `${Name}` is an output of a stack or what was given as
NAME=VALUE; `${Name:word}` is that word where nobody tells. An option that ends up empty is left out.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from beanstalk.refusals import Refused

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "infra" / "stages"
SAVED = ROOT / ".elasticbeanstalk" / "saved_configs"
BLANK = re.compile(r"\$\{(\w+)(?::([^}]*))?\}")
# Beanstalk refuses an environment whose variables are larger, names and values together.
LARGEST_ENVIRONMENT = 4096
VARIABLES = ("aws:elasticbeanstalk:application:environment", "aws:elasticbeanstalk:application:environmentsecrets")
TIERS = {"web": {"Name": "WebServer", "Type": "Standard"}, "worker": {"Name": "Worker", "Type": "SQS/HTTP"}}

Options = dict[str, dict[str, str]]


def save(app: str, tier: str, stage: str, values: Mapping[str, str]) -> Path:
    """Write the environment's saved configuration where the eb CLI looks for it; answers the file."""
    text = yaml.safe_dump(rendered(app, tier, stage, values), sort_keys=True, width=200)
    SAVED.mkdir(parents=True, exist_ok=True)
    file = SAVED / f"{environment_name(app, tier, stage)}.cfg.yml"
    file.write_text(text)
    return file


def environment_name(app: str, tier: str, stage: str) -> str:
    """`myclothes-prod`, and `myclothes-prod-worker`."""
    return f"{app}-{stage}" + ("-worker" if tier == "worker" else "")


def rendered(app: str, tier: str, stage: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The configuration; raises Refused if a value is missing or the environment would be too large."""
    known = {"App": app, "Stage": stage, **values}
    known.setdefault("Host", _host(known))
    options = _filled(_merged(app, tier, stage), known)
    size = environment_size(options)
    if size >= LARGEST_ENVIRONMENT:
        raise Refused(
            f"the variables take {size} bytes, Beanstalk allows less than {LARGEST_ENVIRONMENT}: shorten them"
        )
    return {
        "AWSConfigurationTemplateVersion": "1.1.0.0",
        "EnvironmentConfigurationMetadata": {"Description": f"{app} {tier} {stage}, rendered from infra/stages"},
        "EnvironmentTier": TIERS[tier],
        "OptionSettings": options,
        "Tags": {"app": app, "project": "classic", "stage": stage},
    }


def environment_size(options: Options) -> int:
    """Bytes of all variables, names and values together."""
    variables = [pair for namespace in VARIABLES for pair in options.get(namespace, {}).items()]
    return sum(len(name.encode()) + len(value.encode()) for name, value in variables)


def _host(known: Mapping[str, str]) -> str:
    """The site's name: below the stage's domain, else the one that Beanstalk gives."""
    if "Domain" in known:
        return f"{known['App']}.{known['Domain']}"
    return f"{known['App']}-{known['Stage']}.{known.get('Region', 'us-east-1')}.elasticbeanstalk.com"


def layers(app: str, tier: str, stage: str) -> list[str]:
    """The templates of an environment, whether they exist or not."""
    own = [app, f"{app}-{tier}", f"{app}-{stage}", f"{app}-{tier}-{stage}"]
    return ["common", tier, stage, f"{tier}-{stage}", *own]


def takes(app: str, tier: str, stage: str) -> set[str]:
    """What may be told for an environment: the blanks of its templates, and what its name is made of."""
    options = _merged(app, tier, stage).values()
    blanks = {blank[1] for each in options for template in each.values() for blank in BLANK.finditer(str(template))}
    return blanks | {"Domain", "Region"}


def _merged(app: str, tier: str, stage: str) -> Options:
    merged: Options = {}
    for file in (TEMPLATES / f"{name}.yaml" for name in layers(app, tier, stage)):
        for namespace, options in (yaml.safe_load(file.read_text()) if file.exists() else {}).items():
            twice = options.keys() & merged.setdefault(namespace, {}).keys()
            if twice:
                raise Refused(f"{file.name}: {namespace} {', '.join(twice)} is set by an earlier template too")
            merged[namespace].update(options)
    return merged


def _filled(templates: Options, known: Mapping[str, str]) -> Options:
    filled = {
        namespace: {name: _value(str(template), known) for name, template in options.items()}
        for namespace, options in templates.items()
    }
    kept = {
        namespace: {name: value for name, value in options.items() if value} for namespace, options in filled.items()
    }
    return {namespace: options for namespace, options in kept.items() if options}


def _value(template: str, known: Mapping[str, str]) -> str:
    def told(blank: re.Match[str]) -> str:
        name, otherwise = blank.groups()
        if name not in known and otherwise is None:
            raise Refused(f"no stack tells {name}: deploy the stacks of this stage, or add {name}=VALUE")
        return known.get(name, otherwise or "")

    return BLANK.sub(told, template)
