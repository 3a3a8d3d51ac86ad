"""What readers said about our essays: comments, some of which answer another one."""

from dataclasses import dataclass

HOUR, MEND = "the-hour-that-happens-twice", "a-visible-mend"
HEDGE, SEOUL = "cattle-pets-and-the-hedge-between", "서울의-시계"


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on the essay of that slug; `answers` is the place of another one in the list, counted from 1."""

    slug: str
    name: str
    email: str
    text: str
    approved: bool = True
    answers: int | None = None


REMARKS = (
    Remark(
        HOUR,
        "Ines",
        "ines@example.com",
        "My grandmother kept two clocks in the kitchen and called them God's time and the government's time.\n\n"
        "She was late by both.",
    ),
    Remark(
        HOUR,
        "T. Okafor",
        "okafor@example.com",
        "For promises the place matters as much as the hour. The list of zones is worth an evening's reading:"
        " https://www.iana.org/time-zones",
    ),
    Remark(HOUR, "Robin", "robin@example.com", "Does the verger get paid for it?", approved=False),
    Remark(MEND, "Mattias", "mattias@example.com", "Soap for drawing the grid! I have been cursing chalk for years."),
    Remark(HEDGE, "Wren", "wren@example.com", "We failed the first question last week. It was the certificates."),
    Remark(MEND, "Ines", "ines@example.com", "Which soap? Mine leaves a mark of its own.", answers=4),
    Remark(
        MEND,
        "Mattias",
        "mattias@example.com",
        "The hard white kind, when it has become too thin to wash with. It goes away in the first rinse.",
        answers=6,
    ),
    Remark(MEND, "Ines", "ines@example.com", "So that is what it was for, all along.", answers=7),
    Remark(
        HEDGE,
        "T. Okafor",
        "okafor@example.com",
        "The certificates are the goat that nobody counts, since it was always there.",
        answers=5,
    ),
    Remark(
        SEOUL,
        "소연",
        "soyeon@example.com",
        "열두 시 반에 점심을 먹어야 할 과학적인 이유가 생겼네요. 회사에 보여 주겠습니다.",
    ),
    Remark(
        SEOUL,
        "민준",
        "minjun@example.com",
        "결과를 꼭 알려 주세요. 저희는 열한 시 반에 먹습니다. 해보다 한 시간이나 빨라요.",
        answers=10,
    ),
)
