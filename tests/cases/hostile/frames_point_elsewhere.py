# attack: names existing files outside of the directory as its frames
# expect: save_frames=wrong|raised|crashed|timeout
NAMES = ["/etc/passwd", "../../../../etc/passwd", "/dev/zero", "/proc/self/environ", "a\0b.png", "", ".", "~/x.png"]


def save_frames(w_values, b_values, losses, path, directory):
    return [NAMES[k % len(NAMES)] for k in range(len(path))]
