"""Where the token files of a list's new mailboxes will be, without a look at all names for each."""

from pathlib import Path

from ..tokenfile.place import file_name, token_files


class NewPlaces:
    """The token files of mailboxes that have none.

    The folder is read once. `place_of` reads it for each mailbox that has no file yet, which takes
    minutes for thousands of them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        # What may be an address in the name of a file: all that is behind an underscore.
        self._ends = {
            path.stem[at + 1 :].casefold()
            for path in token_files(self._folder)
            for at, letter in enumerate(path.stem)
            if letter == "_"
        }
        self._given: set[Path] = set()

    def path(self, address: str, provider: str) -> Path | None:
        """The new file of a mailbox; None if the folder may have one already.

        An address that is in the list for two providers gets two files.
        """
        if address.casefold() in self._ends:
            return None
        usual = self._folder / file_name(address)
        path = self._folder / file_name(address, provider) if usual in self._given else usual
        self._given.add(path)
        return path
