"""A new environment is tried, then the name turns to it."""

from lab.experiments.beanstalk.deployments import deployed
from lab.experiments.beanstalk.fleet import Ground
from lab.experiments.beanstalk.policies import blue_green, blue_green_and_back
from lab.running.experiment import Experiment
from lab.texts import Text

EXPERIMENT = Experiment(
    name="beanstalk/blue-green",
    title=Text("A new environment is tried, then the name turns to it", "새 환경을 시험한 뒤 이름을 그쪽으로 돌린다"),
    hypothesis=Text(
        "The bug is found before any visitor is sent there. For a good version visitors move as their knowledge of "
        "the name expires, and nobody notices.",
        "버그는 방문자를 보내기 전에 드러난다. 정상 버전이면 방문자는 이름의 TTL이 끝나는 대로 옮겨 가고 아무도 "
        "모른다.",
    ),
    ground=Ground(),
    body=deployed(blue_green, blue_green_and_back, most=0),
    cures=("beanstalk/all-at-once",),
)
