"""Mistakes in the other files of a bundle, and in saved configurations."""

from beanstalk.check.settings import VARIABLES
from tests.beanstalk.check.planting import SAVED, WEB, Planted, link
from tests.beanstalk.check.writing import DAEMON, HOOK, NGINX, SQSD, daemon, saved, setting

WORKERS = [
    Planted(
        "timeout-order",
        f"b.zip/{DAEMON}",
        4,
        {DAEMON: daemon(InactivityTimeout=240, VisibilityTimeout=240, ErrorVisibilityTimeout=60)},
        "worker",
    ),
    Planted(
        "timeout-order",
        f"b.zip/{NGINX}/timeouts.conf",
        1,
        {f"{NGINX}/timeouts.conf": "proxy_read_timeout 4m;\n"},
        "worker",
    ),
    Planted("timeout-proxy", f"b.zip/{DAEMON}", 3, {f"{NGINX}/timeouts.conf": None}, "worker"),
    # A comment in another file makes nginx no more patient.
    Planted(
        "timeout-proxy",
        f"b.zip/{DAEMON}",
        3,
        {f"{NGINX}/timeouts.conf": "# proxy_read_timeout 250s;\n"},
        "worker",
    ),
    Planted("timeout-gunicorn", "b.zip/Procfile", 1, {"Procfile": "web: gunicorn shop.wsgi\n"}, "worker"),
    Planted(
        "timeout-job",
        "b.zip/shop/jobs.py",
        2,
        {"shop/jobs.py": '\n@job("/every/night", deadline_seconds=240)\n'},
        "worker",
    ),
    Planted(
        "error-visibility",
        f"b.zip/{DAEMON}",
        4,
        {DAEMON: daemon(InactivityTimeout=240, ErrorVisibilityTimeout=2)},
        "worker",
    ),
    Planted(
        "cron-shape",
        "b.zip/cron.yaml",
        1,
        {"cron.yaml": "version: '1'\ncron: [{name: a, url: /every/night, schedule: '* * * * *'}]\n"},
        "worker",
    ),
    Planted(
        "cron-shape",
        "b.zip/cron.yaml",
        3,
        {"cron.yaml": "version: 1\ncron:\n- {name: a, url: /every/night}\n"},
        "worker",
    ),
    Planted("cron-shape", "b.zip/cron.yml", 1, {"cron.yml": "version: 1\n"}, "worker"),
    Planted(
        "cron-name",
        "b.zip/cron.yaml",
        4,
        {"cron.yaml": "version: 1\ncron:\n" + "- {name: a, url: /every/night, schedule: '* * * * *'}\n" * 2},
        "worker",
    ),
    Planted(
        "cron-schedule",
        "b.zip/cron.yaml",
        3,
        {"cron.yaml": "version: 1\ncron:\n- {name: a, url: /every/night, schedule: '* * * * * *'}\n"},
        "worker",
    ),
    Planted(
        "cron-schedule",
        "b.zip/cron.yaml",
        3,
        {"cron.yaml": "version: 1\ncron:\n- {name: a, url: /every/night, schedule: '0 24 * * *'}\n"},
        "worker",
    ),
    Planted(
        "cron-url",
        "b.zip/cron.yaml",
        3,
        {"cron.yaml": "version: 1\ncron:\n- {name: a, url: every/night, schedule: '0 2 * * *'}\n"},
        "worker",
    ),
    Planted(
        "cron-url-unmentioned",
        "b.zip/cron.yaml",
        3,
        {"cron.yaml": "version: 1\ncron:\n- {name: a, url: /every/day, schedule: '0 2 * * *'}\n"},
        "worker",
    ),
    Planted(
        "duplicate-key",
        "b.zip/cron.yaml",
        1,
        {"cron.yaml": "version: 1\nversion: 1\ncron:\n- {name: a, url: /every/night, schedule: '0 2 * * *'}\n"},
        "worker",
    ),
    Planted(
        "cron-tier",
        "b.zip/cron.yaml",
        1,
        {
            "cron.yaml": "version: 1\ncron:\n- {name: a, url: /shop, schedule: '0 2 * * *'}\n",
            "shop/wsgi.py": "# /shop\n",
        },
    ),
    setting("cron-fifo", 3, SQSD + "WorkerQueueURL: https://sqs/1/a.fifo\n", tier="worker"),
]
FILES = [
    Planted("procfile-case", "b.zip/procfile", 1, {"procfile": "web: x\n", "Procfile": None}),
    Planted("procfile-line", "b.zip/Procfile", 2, {"Procfile": "web: gunicorn shop.wsgi\nworker = python worker.py\n"}),
    Planted("procfile-line", "b.zip/Buildfile", 1, {"Buildfile": "make\n"}),
    Planted("procfile-line", "b.zip/Procfile", 1, {"Procfile": "\n"}),
    Planted("procfile-web", "b.zip/Procfile", 1, {"Procfile": "app: gunicorn shop.wsgi\nclock: python clock.py\n"}),
    Planted("procfile-port", "b.zip/Procfile", 1, {"Procfile": "web: gunicorn -b :5000 shop.wsgi\n"}),
    Planted("procfile-port", "b.zip/Procfile", 1, {"Procfile": "web: gunicorn --bind=unix:/run/a.sock shop.wsgi\n"}),
    Planted("procfile-module", "b.zip/Procfile", 1, {"Procfile": "web: gunicorn shop.wsgy:application\n"}),
    Planted("procfile-module", "b.zip/Procfile", 1, {"Procfile": "web: gunicorn shop/wsgi.py\n"}),
    Planted("requirements", "b.zip/Procfile", 1, {"requirements.txt": None}),
    Planted("requirements-line", "b.zip/requirements.txt", 2, {"requirements.txt": "# exact\ngunicorn=23.0.0\n"}),
    Planted("requirements-line", "b.zip/requirements.txt", 1, {"requirements.txt": "-r more/base.txt\n"}),
    Planted(
        "requirements-line",
        "b.zip/more/base.txt",
        1,
        {"requirements.txt": "-r more/base.txt\n", "more/base.txt": "-c ../limits.txt\n"},
    ),
    Planted(
        "platform-folder", "b.zip/.platform/hook/predeploy/a.sh", 1, {".platform/hook/predeploy/a.sh": "#!/bin/sh\n"}
    ),
    Planted(
        "platform-folder",
        "b.zip/.platform/hooks/pre-deploy/a.sh",
        1,
        {".platform/hooks/pre-deploy/a.sh": "#!/bin/sh\n"},
    ),
    Planted("hook-shebang", f"b.zip/{HOOK}", 1, {HOOK: "set -e\n"}),
    Planted("hook-crlf", f"b.zip/{HOOK}", 1, {HOOK: b"#!/bin/sh\r\ntrue\r\n"}),
    Planted("hook-syntax", f"b.zip/{HOOK}", 3, {HOOK: "#!/bin/bash\nif true; then\n  fi fi\n"}),
    Planted(
        "hook-nested", "b.zip/.platform/hooks/predeploy/x/a.sh", 1, {".platform/hooks/predeploy/x/a.sh": "#!/bin/sh\n"}
    ),
    Planted(
        "nginx-include",
        "b.zip/.platform/nginx/nginx.conf",
        1,
        {".platform/nginx/nginx.conf": "events {}\nhttp { server {} }\n"},
    ),
    Planted("nginx-suffix", f"b.zip/{NGINX}/gzip.config", 1, {f"{NGINX}/gzip.config": "gzip on;\n"}),
    Planted("nginx-syntax", f"b.zip/{NGINX}/gzip.conf", 2, {f"{NGINX}/gzip.conf": "gzip on;\ngzip_types text/css\n"}),
    Planted("nginx-syntax", f"b.zip/{NGINX}/map.conf", 1, {f"{NGINX}/map.conf": "map $a $b {\n  x y;\n"}),
    Planted(
        "nginx-context",
        f"b.zip/{NGINX}/media.conf",
        2,
        {f"{NGINX}/media.conf": "gzip on;\nlocation /a { return 204; }\n"},
    ),
    Planted(
        "nginx-context",
        f"b.zip/{NGINX}/elasticbeanstalk/u.conf",
        1,
        {f"{NGINX}/elasticbeanstalk/u.conf": "upstream a { server b; }\n"},
    ),
    Planted(
        "bundle-folder",
        "b.zip",
        1,
        clean={f"shop/{name}": content for name, content in WEB.items() if not name.startswith(".")},
    ),
    Planted("unsafe-name", "b.zip/shop\\views.py", 1, {"shop\\views.py": ""}),
    Planted("dangling-link", "b.zip/shared", 1, {"shared": link("../shared")}),
    Planted("secret-file", "b.zip/.env", 2, {".env": "HOST=example.com\nSECRET_KEY=abc\n"}),
    Planted("secret-file", "b.zip/tls/a.pem", 1, {"tls/a.pem": f"-----BEGIN PRIVATE KEY-----\n{'A' * 64}\n"}),
    Planted("secret-file", "b.zip/.ssh/id_rsa", 1, {".ssh/id_rsa": "x"}),
    Planted("secret-key", "b.zip/shop/s3.py", 2, {"shop/s3.py": "\nKEY = 'AKIA" + "ABCDEFGHIJKLMNOP'\n"}),
    setting("secret-variable", 3, "aws:elasticbeanstalk:application:environment:\n  DB_PASSWORD: hunter2\n"),
    setting("secret-variable", 3, f"{VARIABLES}:\n  DATABASE_URL: mysql://shop:hunter2@database/shop\n"),
]
SAVINGS = [
    saved("saved-shape", 2, "AWSConfigurationTemplateVersion: 1.1.0.0\nOptions: {}\nOptionSettings: {}\n"),
    saved("saved-shape", 1, "OptionSettings: {}\n"),
    saved("saved-shape", 1, "AWSConfigurationTemplateVersion: 1.1.0.0\n"),
    saved("saved-tier", 2, SAVED.replace("WebServer", "Web")),
    saved("name-length", 9, SAVED + f"EnvironmentName: {'shop-' * 9}\n"),
    saved("platform-version", 9, SAVED + "SolutionStack: 64bit Amazon Linux 2023 v4.13.2 running Python 3.13\n"),
    saved("platform-retired", 9, SAVED + "SolutionStack: 64bit Amazon Linux 2 running Python 3.8\n"),
    saved(
        "platform-retired",
        10,
        SAVED
        + "Platform:\n  PlatformArn: arn:aws:elasticbeanstalk:eu-west-1::platform/Ruby on 64bit Amazon Linux/2.11.0\n",
        also=("platform-version",),
    ),
    saved(
        "value-range",
        9,
        SAVED.replace("LoadBalancerType: application", "X: 1\n  aws:autoscaling:asg: {MinSize: 0}"),
        also=("unknown-option", "classic-default"),
    ),
    Planted(
        "name-length",
        ".elasticbeanstalk/config.yml",
        2,
        {".elasticbeanstalk/config.yml": f"global:\n  application_name: {'a' * 101}\n"},
        bundle=False,
    ),
    Planted(
        "platform-version",
        ".elasticbeanstalk/config.yml",
        2,
        {".elasticbeanstalk/config.yml": "global:\n  default_platform: Python 3.11 on Amazon Linux 2023 v4.0.1\n"},
        bundle=False,
    ),
]
