"""The table of options, made of the guide's text."""

import json
from pathlib import Path

import pytest

from beanstalk.check import values
from tools import options

PAGE = """
## aws:elasticbeanstalk:sqsd
**Namespace: `aws:elasticbeanstalk:sqsd`**
| **Name** | **Description** | **Default** | **Valid values** |
| --- | --- | --- | --- |
| VisibilityTimeout | Prose. | 300 | `0` to `43200` |
| MimeType | Prose. | `application/json` | `application/json`<br />Custom. |

## aws:elbv2:listener:listener\\_port
**Namespace: `aws:elbv2:listener:{{listener_port}}`**
| **Name**  | **Description**  | **Default**  | **Valid values**  |
| Protocol | Prose. | With: `HTTP`<br />With: `TCP` | `HTTP`, `HTTPS`<br />`TCP` |
| (deprecated) Old | Prose. | None |  |
| Pause | Prose. | None | `PT0S` to `PT1H` |
"""


def test_namespaces_options_and_what_they_take_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "TABLE", tmp_path / "options.json")
    (tmp_path / "page.md").write_text(PAGE)
    options.main([str(tmp_path / "page.md")])
    made = json.loads((tmp_path / "options.json").read_text())
    assert made["aws:elasticbeanstalk:sqsd"] == {
        "options": {
            "VisibilityTimeout": {"default": "300", "range": [0, 43200]},
            "MimeType": {"default": "application/json"},
        },
        "needs": "worker",
    }
    assert made["aws:elbv2:listener:*"]["options"] == {
        "Protocol": {"values": ["HTTP", "HTTPS", "TCP"]},
        "Old": {"retired": True},
        "Pause": {"duration": True},
    }


def test_the_table_that_we_have_knows_what_the_facts_name() -> None:
    assert len(values.table()) >= 50
    for namespace, option in (
        ("aws:elasticbeanstalk:sqsd", "ErrorVisibilityTimeout"),
        ("aws:elbv2:loadbalancer", "IpAddressType"),
        ("aws:autoscaling:launchconfiguration", "DisableDefaultEC2SecurityGroup"),
        ("aws:ec2:instances", "SpotAllocationStrategy"),
        ("aws:elbv2:listener:443", "SSLPolicy"),
        ("aws:elasticbeanstalk:environment:process:api", "HealthCheckPath"),
    ):
        known = values.about(namespace)
        assert known
        assert option in known["options"]


def test_every_default_is_a_value_that_the_option_takes() -> None:
    for namespace in values.table().values():
        for facts in namespace["options"].values():
            if "range" in facts and "default" in facts:
                assert facts["range"][0] <= float(facts["default"]) <= facts["range"][1]
            if "values" in facts and "default" in facts:
                assert facts["default"] in facts["values"]
