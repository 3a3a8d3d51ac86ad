"""Mistakes in configuration files: their shape, and the options and resources in them."""

from tests.beanstalk.check.planting import SAVED, Planted, options
from tests.beanstalk.check.writing import DAEMON, IN_X, NGINX, SQSD, X, config, daemon, setting

OLD_HOOK = "/opt/elasticbeanstalk/hooks/appdeploy/post/50_restart.sh"
STRUCTURE = [
    config("yaml-broken", 2, "option_settings:\n\tx: 1\n"),
    config("yaml-broken", 3, "commands:\n  a: {command: x}\n  b: [1\n"),
    config("config-shape", 1, "- option_settings\n"),
    config("config-shape", 1, "option_settings: nothing\n"),
    config(
        "config-shape", 2, "option_settings:\n  - namespace: aws:autoscaling:asg\n    name: MinSize\n    value: 1\n"
    ),
    config("config-shape", 1, "files: [a]\n"),
    config("duplicate-key", 2, "commands:\n  a: {command: x}\n  b: {command: y}\n  a: {command: z}\n"),
    config("unknown-key", 1, "container_command:\n  a:\n    command: x\n"),
    config("conditions", 1, "Conditions:\n  Big: {}\n"),
    config("command-shape", 2, "commands:\n  a:\n    cmd: x\n", also=("command-shape",)),
    config("command-shape", 4, "commands:\n  a:\n    command: x\n    leader_only: true\n"),
    config(
        "leader-only-test", 4, "container_commands:\n  a:\n    command: x\n    test: 'true'\n    leader_only: true\n"
    ),
    config("file-shape", 2, "files:\n  etc/motd:\n    content: hello\n"),
    config("file-shape", 4, "files:\n  /etc/motd:\n    content: hello\n    mode: 0o644\n"),
    config("file-shape", 2, "files:\n  /etc/motd:\n    content: hello\n    source: https://example.com/motd\n"),
    config("hook-old-place", 2, f"files:\n  {OLD_HOOK}:\n    mode: '000755'\n    content: exec true\n"),
    config("package-manager", 2, "packages:\n  dnf:\n    jq: []\n"),
    config("package-manager", 2, "packages:\n  apt:\n    jq: []\n"),
    config("config-shape", 2, "services:\n  upstart:\n    nginx: {ensureRunning: true}\n"),
    config("config-shape", 2, "Outputs:\n  Topic:\n    Description: nothing\n"),
    Planted("config-folder", "b.zip/.ebextensions/web/1.config", 1, {".ebextensions/web/1.config": "commands: {}\n"}),
    Planted("config-suffix", "b.zip/.ebextensions/1.yml", 1, {".ebextensions/1.yml": "commands: {}\n"}),
    Planted("nested-ebextensions", "b.zip/docs/.ebextensions/1.config", 1, {"docs/.ebextensions/1.config": "{}\n"}),
    Planted("nginx-old-place", "b.zip/.ebextensions/nginx/a.conf", 1, {".ebextensions/nginx/a.conf": "a b;\n"}),
]
VALUES = [
    setting("unknown-namespace", 3, "aws:autoscaling:group:\n  MinSize: 1\n"),
    setting("unknown-namespace", 3, "aws:elbv2:listener:https:\n  Protocol: HTTPS\n", also=("classic-default",)),
    setting("unknown-option", 3, "aws:autoscaling:asg:\n  MinimumSize: 1\n"),
    setting("option-retired", 3, "aws:elasticbeanstalk:container:python:staticfiles:\n  /static: static\n"),
    setting("value-choice", 3, "aws:elasticbeanstalk:command:\n  DeploymentPolicy: Slowly\n"),
    setting("value-choice", 3, "aws:elasticbeanstalk:cloudwatch:logs:\n  RetentionInDays: 10\n"),
    setting("value-range", 3, "aws:elasticbeanstalk:command:\n  Timeout: 7200\n"),
    setting("value-kind", 3, "aws:elasticbeanstalk:command:\n  Timeout: long\n"),
    setting("value-kind", 3, "aws:autoscaling:updatepolicy:rollingupdate:\n  PauseTime: 5m\n"),
    setting("value-kind", 3, SQSD + "HttpPath: jobs\n", tier="worker"),
    setting("value-kind", 3, SQSD + "WorkerQueueURL: jobs\n", tier="worker"),
    setting("value-kind", 3, "aws:elasticbeanstalk:managedactions:\n  PreferredStartTime: Tuesday at nine\n"),
    setting("value-kind", 3, "aws:autoscaling:launchconfiguration:\n  SSHSourceRestriction: 10.0.0.0/8\n"),
    setting("value-kind", 3, "aws:elasticbeanstalk:healthreporting:system:\n  ConfigDocument: '{\"Version\": 1,'\n"),
    setting("value-missing", 3, "aws:autoscaling:asg:\n  MinSize:\n"),
    setting("function-form", 3, "aws:elasticbeanstalk:application:environment:\n  TOPIC: {Ref: Topic}\n"),
    setting("function-form", 3, "aws:elasticbeanstalk:application:environment:\n  TOPIC: !Ref Topic\n"),
    setting("function-form", 3, "aws:elasticbeanstalk:application:environment:\n  TOPIC: '`{\"Ref\": Topic}`'\n"),
    setting("secret-arn", 3, "aws:elasticbeanstalk:application:environmentsecrets:\n  KEY: my-secret\n"),
    setting(
        "secret-arn",
        3,
        "aws:elasticbeanstalk:application:environmentsecrets:\n"
        "  KEY: arn:aws:ssm:us-east-1:123456789012:parameter/urls:KEY\n",
    ),
    setting("variable-name", 3, "aws:elasticbeanstalk:application:environment:\n  MY NAME: x\n"),
    setting("environment-size", 3, f"aws:elasticbeanstalk:application:environment:\n  LONG: {'x' * 4096}\n"),
    setting(
        "option-overridden",
        3,
        "aws:autoscaling:asg:\n  Cooldown: 100\naws:autoscaling:asg:\n  Cooldown: 200\n",
        also=("duplicate-key",),
    ),
    setting("eb-create-wins", 3, "aws:elasticbeanstalk:command:\n  BatchSize: 50\n"),
    setting(
        "wsgi-path", 3, "aws:elasticbeanstalk:container:python:\n  WSGIPath: shop/wsgi.py\n", also=("wsgi-ignored",)
    ),
    setting("wsgi-ignored", 3, "aws:elasticbeanstalk:container:python:\n  WSGIPath: shop.wsgi:application\n"),
]
OWN_QUEUE = SAVED.replace("WebServer", "Worker").replace("Standard", "SQS/HTTP").partition("OptionSettings")[0] + (
    "OptionSettings:\n  aws:elasticbeanstalk:sqsd:\n    WorkerQueueURL: https://sqs.us-east-1.amazonaws.com/1/jobs\n"
)
TIERS = [
    setting("tier-option", 3, "aws:elasticbeanstalk:sqsd:\n  MaxRetries: 5\n"),
    setting("tier-option", 3, "aws:elbv2:loadbalancer:\n  IdleTimeout: 70\n", tier="worker"),
    setting(
        "tier-option", 3, "aws:elasticbeanstalk:environment:process:default:\n  HealthCheckPath: /a\n", tier="worker"
    ),
    setting("balanced-unsaid", 3, "aws:elasticbeanstalk:environment:process:default:\n  HealthCheckPath: /a\n"),
    config(
        "balanced-unsaid",
        2,
        "Resources:\n  AWSEBV2LoadBalancerListener:\n    Type: AWS::ElasticLoadBalancingV2::Listener\n",
    ),
    setting(
        "balanced-only",
        3,
        "aws:elbv2:loadbalancer:\n  IdleTimeout: 70\n",
        saved=SAVED.replace("LoadBalanced", "SingleInstance"),
        also=("balanced-only",),
    ),
    setting("balancer-kind", 3, "aws:elb:listener:\n  ListenerProtocol: TCP\n", saved=SAVED),
    setting("classic-default", 3, "aws:elasticbeanstalk:environment:\n  EnvironmentType: LoadBalanced\n"),
    Planted(
        "tier-mixed",
        IN_X,
        3,
        {
            X: options("aws:elbv2:loadbalancer:\n  IdleTimeout: 70\n"),
            DAEMON: daemon(ErrorVisibilityTimeout=60),
            f"{NGINX}/t.conf": "proxy_read_timeout 300s;\n",
        },
        tier="",
        also=("balanced-unsaid", "classic-default"),
    ),
    config("resource-tier", 2, "Resources:\n  AWSEBV2LoadBalancer:\n    Properties: {}\n", tier="worker"),
    config("resource-tier", 2, "Resources:\n  AWSEBWorkerQueue:\n    Properties: {}\n"),
    config("resource-tier", 3, "Outputs:\n  A:\n    Value: {Ref: AWSEBWorkerQueue}\n"),
    config("resource-tier", 3, "Outputs:\n  A:\n    Value: !GetAtt AWSEBV2LoadBalancer.DNSName\n", tier="worker"),
    config(
        "resource-tier",
        3,
        "Outputs:\n  A:\n    Value: {'Fn::GetAtt': [AWSEBWorkerQueue, QueueName]}\n",
        tier="worker",
        saved=OWN_QUEUE,
    ),
]
TOGETHER = [
    setting("groups-missing", 3, "aws:autoscaling:launchconfiguration:\n  DisableDefaultEC2SecurityGroup: true\n"),
    setting(
        "managed-updates",
        3,
        "aws:elasticbeanstalk:managedactions:\n  ManagedActionsEnabled: true\n  PreferredStartTime: Tue:09:00\n",
    ),
    setting("size-order", 3, "aws:autoscaling:asg:\n  MinSize: 6\n"),
    setting(
        "policy-balancer",
        3,
        "aws:elasticbeanstalk:command:\n  DeploymentPolicy: TrafficSplitting\n",
        saved=SAVED.replace("application\n", "network\n"),
    ),
    setting("metadata-v1", 3, "aws:autoscaling:launchconfiguration:\n  DisableIMDSv1: false\n"),
    setting(
        "health-path", 3, "aws:elasticbeanstalk:environment:process:default:\n  HealthCheckPath: health\n", saved=SAVED
    ),
    setting(
        "health-interval",
        4,
        "aws:elasticbeanstalk:environment:process:default:\n  HealthCheckInterval: 10\n  HealthCheckTimeout: 10\n",
        saved=SAVED,
    ),
    setting(
        "health-url-ignored", 3, "aws:elasticbeanstalk:application:\n  Application Healthcheck URL: /a\n", saved=SAVED
    ),
    config("resource-shape", 2, "Resources:\n  Queue:\n    Properties: {}\n"),
    config("resource-shape", 4, "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    QueueName: a\n"),
    config("unknown-reference", 3, "Outputs:\n  A:\n    Value: {Ref: Nowhere}\n"),
    config("unknown-reference", 3, "Outputs:\n  A:\n    Value: !Sub '${Nowhere.Arn}'\n"),
    config("unknown-reference", 3, "Outputs:\n  A:\n    Value: {'Fn::Sub': 'a-${Nowhere}'}\n"),
    config("unknown-reference", 4, "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    DependsOn: Topik\n"),
    config("unknown-function", 3, "Outputs:\n  A:\n    Value: {'Fn::Cidr': [a, 1, 8]}\n"),
    setting(
        "architecture",
        3,
        "aws:ec2:instances:\n  InstanceTypes: t4g.small, t3.small\n  SupportedArchitectures: arm64\n",
    ),
    setting("listener-certificate", 3, "aws:elbv2:listener:443:\n  Protocol: HTTPS\n", saved=SAVED),
    setting("listener-process", 3, "aws:elbv2:listener:81:\n  DefaultProcess: api\n", saved=SAVED),
    setting(
        "listener-process",
        4,
        "aws:elbv2:listenerrule:a:\n  PathPatterns: /a\n  Process: api\n",
        saved=SAVED,
    ),
]
