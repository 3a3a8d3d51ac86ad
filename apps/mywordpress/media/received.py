"""A file that came in: checked, cleaned and stored, and not in the library yet."""

import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from apps.chassis.storage import Storage, TooLarge
from apps.mywordpress.media import pictures
from apps.mywordpress.media.kinds import BY_SUFFIX, MOST_BYTES, Family, Kind, recognised

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is stored, on its way into the library; what is no picture has no width and height."""

    kind: Kind
    key: str
    size: int
    name: str
    width: int = 0
    height: int = 0
    animated: bool = False

    @classmethod
    def store(cls, storage: Storage, stream: BinaryIO, name: str) -> "Upload":
        """Check, clean and store what `stream` holds, which is read from its start and can be sought in.

        This is slow, so it is done before any transaction begins. Raises NotAPicture for what the library does not
        take, TooManyPixels, TooLarge or StorageUnavailable; nothing is kept then.
        """
        kind = recognised(stream, name)
        most = MOST_BYTES[kind.family]
        if stream.seek(0, 2) > most:
            raise TooLarge(most)
        stream.seek(0)
        short = PurePath(name.replace("\\", "/")).name[-LONGEST_NAME:] or kind.family
        if kind.family is Family.PICTURE:
            return cls._picture(storage, stream.read(), short)
        file = storage.put(stream, kind.suffix, most)
        return cls(kind, file.key, file.size, short)

    @classmethod
    def _picture(cls, storage: Storage, data: bytes, name: str) -> "Upload":
        accepted = pictures.accept(data)
        # Turning a picture upright writes it anew, which may make it somewhat larger than what came.
        file = storage.put(io.BytesIO(accepted.data), accepted.suffix, 2 * MOST_BYTES[Family.PICTURE])
        kind = BY_SUFFIX[accepted.suffix]
        return cls(kind, file.key, file.size, name, accepted.width, accepted.height, accepted.animated)
