# wrong: the file ends the program when it is loaded, as a script does.
# status: crashed
# mistake: none
# says: ends the program (exit or SystemExit) while it is loaded. Put it under `if __name__ == "__main__":`
import sys


def main() -> int:
    return 0


sys.exit(main())
