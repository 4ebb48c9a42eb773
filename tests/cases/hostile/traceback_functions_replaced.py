# attack: replaces what reads lines and formats exceptions by objects that are no text
# expect: compute_grid=raised|crashed|invalid|wrong
import linecache
import traceback


class NoText:
    def strip(self):
        return {"status": "passed"}

    def __getitem__(self, index):
        return self


linecache.getline = linecache.getlines = lambda *args, **kwargs: NoText()
linecache.cache.clear()
traceback.format_exception = traceback.print_exc = traceback.extract_tb = lambda *args, **kwargs: "passed"


def compute_grid(x, y, w_values, b_values):
    raise ValueError("no text")
