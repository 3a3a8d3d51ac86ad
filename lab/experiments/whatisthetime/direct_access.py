"""Who may speak to an instance: the balancer, and nobody else."""

from lab.experiments.whatisthetime.common import APP, INSTANCE_PORT, visitors
from lab.running.architecture import Stage, architecture
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

TRIES = 5
KNOCK = """import socket, sys
opened = 0
for _ in range({tries}):
    try:
        socket.create_connection(("{address}", {port}), 1).close()
        opened += 1
    except OSError:
        pass
print(opened)
"""
KNOCK_BY_BASH = """opened=0
for try in $(seq {tries}); do timeout 1 bash -c '</dev/tcp/{address}/{port}' && opened=$((opened + 1)); done
echo $opened
"""


def body(its: Run[Stage]) -> Text:
    with its.load(visitors(its.ground)):
        its.steady(3)
        with its.time_of(Text("others knock at the instances", "다른 것들이 인스턴스를 두드린다")):
            neighbours = knocked(its.ground, f"{APP}-1", f"{APP}-2") + knocked(its.ground, f"{APP}-2", f"{APP}-1")
            balancer = knocked_by_bash(its.ground, "balancer", f"{APP}-1")
        its.wait(3)
    its.claim(
        Text("connections from one instance to another", "한 인스턴스에서 다른 인스턴스로 열린 연결"),
        neighbours,
        at_most=0,
    )
    its.claim(Text("connections from the balancer", "로드 밸런서에서 열린 연결"), balancer, at_least=TRIES)
    its.claim(Text("visitors who failed", "실패한 방문자"), len(its.answers.failed), at_most=0)
    return Text(
        f"Of {2 * TRIES} connections from one instance to another {neighbours} were let in, of {TRIES} from the "
        f"balancer {balancer}; visitors noticed nothing.",
        f"인스턴스 사이의 연결은 {2 * TRIES}개 가운데 {neighbours}개, 로드 밸런서에서는 {TRIES}개 가운데 "
        f"{balancer}개가 열렸습니다. 방문자는 아무것도 몰랐습니다.",
    )


def knocked(stage: Stage, who: str, instance: str) -> int:
    """How often a container got in."""
    script = KNOCK.format(tries=TRIES, address=address(stage, instance), port=INSTANCE_PORT)
    return int(stage.control.execute(who, "python3", "-c", script))


def knocked_by_bash(stage: Stage, who: str, instance: str) -> int:
    """The same from where there is no Python."""
    script = KNOCK_BY_BASH.format(tries=TRIES, address=address(stage, instance), port=INSTANCE_PORT)
    return int(stage.control.execute(who, "bash", "-c", script))


def address(stage: Stage, instance: str) -> str:
    """Where an instance listens."""
    plan = stage.control.plan
    return plan.plan.listening(plan.services[instance], "web")[0][0]


EXPERIMENT = Experiment(
    name="whatisthetime/direct-access",
    title=Text("Nobody but the balancer reaches an instance", "로드 밸런서만 인스턴스에 닿는다"),
    hypothesis=Text(
        "An instance listens where the balancer alone can connect, as a security group would have it. Whoever "
        "finds its address elsewhere gets nothing.",
        "인스턴스는 보안 그룹처럼 로드 밸런서만 연결할 수 있는 곳에서 듣는다. 다른 곳에서 주소를 알아도 연결되지 "
        "않는다.",
    ),
    ground=architecture(f"{APP}-?", instances=2),
    body=body,
)
