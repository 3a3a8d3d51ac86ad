"""New instances beside the old ones."""

from lab.experiments.beanstalk.deployments import deployed
from lab.experiments.beanstalk.fleet import Ground
from lab.experiments.beanstalk.policies import immutable, immutable_and_back
from lab.running.experiment import Experiment
from lab.texts import Text

EXPERIMENT = Experiment(
    name="beanstalk/immutable",
    title=Text("New instances beside the old ones", "옛 인스턴스 옆에 새 인스턴스를 둔다"),
    hypothesis=Text(
        "The old instances are never touched. A bug meets the share of the first new instance, and to end that is "
        "the whole way back.",
        "옛 인스턴스는 건드리지 않는다. 버그는 첫 새 인스턴스의 몫만큼만 보이고, 그것을 끝내면 되돌린 것이다.",
    ),
    ground=Ground(),
    body=deployed(immutable, immutable_and_back, most=50, least=10),
    cures=("beanstalk/all-at-once",),
)
