"""Values into words and pictures: what a student reads and sees about an answer."""
