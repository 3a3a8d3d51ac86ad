"""One instance after the other gets the new version."""

from lab.experiments.beanstalk.deployments import deployed
from lab.experiments.beanstalk.fleet import Ground
from lab.experiments.beanstalk.policies import rolling, rolling_and_back
from lab.running.experiment import Experiment
from lab.texts import Text

EXPERIMENT = Experiment(
    name="beanstalk/rolling",
    title=Text("One instance after the other gets the new version", "인스턴스를 하나씩 새 버전으로 바꾼다"),
    hypothesis=Text(
        "It takes longer and never serves with all instances, but a bug meets only the visitors of the first "
        "instance before somebody notices.",
        "더 오래 걸리고 그동안 인스턴스 하나가 빠지지만, 버그는 누가 알아챌 때까지 첫 인스턴스의 방문자만 겪는다.",
    ),
    ground=Ground(),
    body=deployed(rolling, rolling_and_back, most=65, least=20),
    cures=("beanstalk/all-at-once",),
)
