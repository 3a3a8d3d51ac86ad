"""Every instance gets the new version at once."""

from lab.experiments.beanstalk.deployments import deployed
from lab.experiments.beanstalk.fleet import Ground
from lab.experiments.beanstalk.policies import all_at_once, all_at_once_and_back
from lab.running.experiment import Experiment
from lab.texts import Text

EXPERIMENT = Experiment(
    name="beanstalk/all-at-once",
    title=Text("Every instance gets the new version at once", "모든 인스턴스에 새 버전을 한꺼번에 배포한다"),
    hypothesis=Text(
        "Every instance is new at the same moment, and cold: visitors wait until the processes have warmed up. A "
        "bug that no health check sees meets every visitor until another deployment has taken it back.",
        "모든 인스턴스가 한꺼번에 새것이 되어 식어 있으니, 데워질 때까지 방문자가 기다린다. 상태 확인이 못 보는 "
        "버그는 다시 배포해 되돌릴 때까지 모든 방문자가 겪는다.",
    ),
    ground=Ground(),
    body=deployed(all_at_once, all_at_once_and_back, most=100, least=80, harmless=False),
    fails=True,
)
