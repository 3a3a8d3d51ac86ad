"""Nothing is found where nothing is wrong."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from beanstalk import stages
from beanstalk.check import commands
from beanstalk.check.findings import Finding
from tests.beanstalk.check.planting import SAVED, WEB, WORKER, Files, findings, link
from tests.beanstalk.test_stages import EVERY, TOLD
from tests.support import bundles

ALSO_RIGHT: dict[str, Files] = {
    "tabs in JSON": {".ebextensions/1.config": '{\n\t"commands": {"a": {"command": "x"}}\n}\n'},
    "a function": {
        ".ebextensions/1.config": """\
        option_settings:
          - option_name: TOPIC
            value: '`{"Ref": "Topic"}`'
          - namespace: aws:autoscaling:scheduledaction
            resource_name: Morning
            option_name: MinSize
            value: 0
          - namespace: aws:autoscaling:scheduledaction
            resource_name: Evening
            option_name: MinSize
            value: 2
        """
    },
    "nothing": {".ebextensions/1.config": "# option_settings: is for later\n"},
    "nginx with braces in words": {
        ".platform/nginx/conf.d/log.conf": 'log_format a \'{"x": "$uri"}\';\nmap $a $b { ~*\\.png$ "${a};"; }\n# {\n'
    },
    "a link within": {"latest": link("shop/wsgi.py")},
    "a socket that nginx knows": {
        "Procfile": "web: gunicorn --bind unix:/run/shop.sock shop.wsgi\n",
        ".platform/nginx/conf.d/shop.conf": "upstream shop { server unix:/run/shop.sock; }\n",
    },
    "a port that is told": {
        "Procfile": "web: FLAG=1 exec gunicorn -b127.0.0.1:$PORT shop.wsgi\nclock: python -m clock\n",
    },
    "an installed app": {"Procfile": "web: gunicorn --chdir src wsgi\n"},
    "a .env of addresses": {".env": "HOST=example.com\n"},
    "what explains hooks": {".platform/hooks/README.md": "Hooks\n"},
    "a container of its own": {"Dockerfile": "FROM scratch\n", "requirements.txt": None},
    "requirements in every form": {
        "requirements.txt": "-r more/base.txt\n--index-url=https://example.com/\na[b]>=1,!=1.5\nb===1; os_name='a'\n",
        "more/base.txt": "-c https://example.com/limits.txt\nc @ https://example.com/c?d=e  # f = g\n--hash=a:0\n",
    },
    "what resources wait for": {
        ".ebextensions/1.config": """\
        Resources:
          Tasks:
            Type: AWS::ECS::TaskDefinition
            DependsOn: [AWSEBAutoScalingGroup]
            Properties:
              Family: {"Fn::Sub": ["${Word}-${AWS::Region}", {Word: a}]}
              ContainerDefinitions: [{Name: a, DependsOn: [{ContainerName: b}]}]
        """
    },
    "an example of a key": {"shop/docs.py": "KEY = 'AKIAIOSFODNN7EXAMPLE'\n"},
}


@pytest.mark.parametrize("files", [WEB, *({**WEB, **more} for more in ALSO_RIGHT.values())], ids=["", *ALSO_RIGHT])
def test_nothing_is_found_in_a_clean_web_bundle(files: Files) -> None:
    assert findings(files, tier="web") == []


def test_nothing_is_found_in_a_clean_worker_bundle() -> None:
    assert findings(WORKER, tier="worker") == findings(WORKER) == []


def test_nothing_is_found_in_a_saved_configuration_of_a_balanced_environment() -> None:
    balanced = SAVED + "  aws:elasticbeanstalk:environment:process:default:\n    MatcherHTTPCode: 200,300-399\n"
    unset = "  aws:elbv2:loadbalancer:\n    AccessLogsS3Bucket: null\n"
    listener = "  aws:elbv2:listener:443:\n    Protocol: HTTPS\n    SSLCertificateArns: arn:aws:acm:a:1:certificate/b\n"
    led = "    DefaultProcess: default\n    Rules: pictures\n  aws:elbv2:listenerrule:pictures:\n    Process: null\n"
    machines = "  aws:ec2:instances:\n    InstanceTypes: t4g.small,c7gn.large\n    SupportedArchitectures: arm64\n"
    assert findings(WEB, saved=balanced + unset + listener + led + machines) == []


def test_a_folder_of_several_sources_is_no_bundle() -> None:
    assert findings({"a/.ebextensions/1.config": "{}\n", "b/.ebextensions/1.config": "{}\n"}, bundle=False) == []


@pytest.mark.parametrize(("app", "tier"), bundles.EVERY)
def test_nothing_is_found_in_our_bundles(made: Mapping[str, Path], app: str, tier: str) -> None:
    assert found([made[f"{app}-{tier}"]]) == []


@pytest.mark.parametrize(("app", "tier", "stage"), EVERY)
def test_nothing_is_found_in_our_environments(
    made: Mapping[str, Path], tmp_path: Path, app: str, tier: str, stage: str
) -> None:
    saved = tmp_path / f"{stages.environment_name(app, tier, stage)}.cfg.yml"
    saved.write_text(yaml.safe_dump(stages.rendered(app, tier, stage, TOLD)))
    assert found([made[f"{app}-{tier}"], saved]) == []


def found(paths: list[Path]) -> list[Finding]:
    subjects = list(commands.subjects(paths))
    assert len(subjects) == 1
    return [
        one
        for subject in subjects
        for one in ([subject] if isinstance(subject, Finding) else commands.findings(subject))
    ]
