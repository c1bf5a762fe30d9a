"""Files, in the folder that the first argument names."""

import errno
import os
import pathlib
import shutil
import sys
import tempfile
import time

root = pathlib.Path(sys.argv[1])


def fails(number, call, *args):
    try:
        call(*args)
    except OSError as error:
        assert error.errno == number, (errno.errorcode.get(error.errno), call, args)
    else:
        raise AssertionError(f"no error: {call} {args}")


# Contents
file = root / "a.txt"
file.write_text("hello\n")
with open(file, "a") as stream:
    stream.write("world\n")
assert file.read_text() == "hello\nworld\n"
with open(file, "r+b") as stream:
    stream.truncate(3)
    stream.seek(10)
    stream.write(b"z")
    stream.flush()
    assert stream.tell() == 11
assert file.read_bytes() == b"hel\0\0\0\0\0\0\0z"
os.truncate(file, 2) if hasattr(os, "truncate") else file.write_bytes(b"he")
fd = os.open(file, os.O_RDWR)
assert os.pwrite(fd, b"HELLO", 0) == 5
assert os.pread(fd, 3, 1) == b"ELL"
assert os.lseek(fd, 0, os.SEEK_CUR) == 0
assert os.readv(fd, [bytearray(2), bytearray(9)]) == 5 if hasattr(os, "readv") else True
os.close(fd)
fails(errno.EBADF, os.close, fd)
large = bytes(range(256)) * 40_000
(root / "large").write_bytes(large)
assert (root / "large").read_bytes() == large
os.unlink(root / "large")

# Times
second = 1_000_000_000
os.utime(file, (5, 6))
assert (file.stat().st_atime_ns, file.stat().st_mtime_ns) == (5 * second, 6 * second)
# Node sets times as doubles, so the last digits of a nanosecond are not kept.
os.utime(file, ns=(1_700_000_000_123_456_000, 1_600_000_000_654_321_000))
assert abs(file.stat().st_atime_ns - 1_700_000_000_123_456_000) < 1000
assert abs(file.stat().st_mtime_ns - 1_600_000_000_654_321_000) < 1000
before = time.time()
os.utime(file)
assert abs(file.stat().st_mtime - before) < 5 and abs(file.stat().st_ctime - before) < 5
copy = root / "copy.txt"
os.utime(file, (1, 2))
shutil.copy2(file, copy)
assert copy.stat().st_mtime == 2 and copy.read_text() == "HELLO"

# Names
os.rename(copy, root / "b.txt")
os.rename(file, root / "b.txt")
assert not file.exists() and (root / "b.txt").read_text() == "HELLO"
os.link(root / "b.txt", file)
assert os.path.samefile(file, root / "b.txt") and file.stat().st_nlink == 2
os.unlink(root / "b.txt")
fails(errno.ENOENT, os.unlink, root / "b.txt")
fails(errno.ENOENT, os.rename, root / "none", root / "other")

# Directories
folder = root / "x" / "y"
folder.mkdir(parents=True)
folder.mkdir(parents=True, exist_ok=True)
(folder / "f").write_text("hi")
os.rename(root / "x", root / "z")
assert list(root.rglob("f")) == [root / "z" / "y" / "f"]
fails(errno.ENOTEMPTY, os.rmdir, root / "z")
fails(errno.EEXIST, os.mkdir, root / "z")
fails(errno.ENOTDIR, os.listdir, file)
fails(errno.EISDIR, open, root / "z", "w")
os.chdir(root / "z")
assert os.listdir(".") == ["y"] and os.path.exists("../a.txt") and os.getcwd() == str(root / "z")
os.chdir("/")

# Links
os.symlink("z/y/f", root / "link")
assert os.readlink(root / "link") == "z/y/f" and (root / "link").read_text() == "hi"
assert (root / "link").is_symlink() and (root / "link").resolve() == root / "z" / "y" / "f"
assert not (root / "link").stat().st_ino == os.lstat(root / "link").st_ino
os.symlink("z", root / "to-z")
fails(errno.ENOTDIR, os.rmdir, root / "to-z")
os.unlink(root / "to-z")
os.unlink(root / "link")

# Many files
many = root / "many"
many.mkdir()
for index in range(10_000):
    open(many / f"f{index:05}", "w").close()
names = sorted(os.listdir(many))
assert len(names) == 10_000 and names[0] == "f00000" and names[-1] == "f09999"
with os.scandir(many) as entries:
    assert sum(entry.is_file() and entry.stat().st_size == 0 for entry in entries) == 10_000
shutil.rmtree(many)
assert not many.exists()

# Temporary files
with tempfile.TemporaryDirectory(dir=root) as folder:
    with tempfile.NamedTemporaryFile(dir=folder) as named:
        named.write(b"abc")
        named.flush()
        assert os.path.getsize(named.name) == 3
    with tempfile.TemporaryFile(dir=folder) as unnamed:
        unnamed.write(b"abc")
        unnamed.seek(0)
        assert unnamed.read() == b"abc"
    with tempfile.SpooledTemporaryFile(max_size=1, dir=folder) as spooled:
        spooled.write(b"abc")
    (pathlib.Path(folder) / "left").write_text("")
assert not os.path.exists(folder)

# Descriptors
for _ in range(100_000):
    fd = os.open(file, os.O_RDONLY)
    assert fd < 16
    os.close(fd)

# What is not granted
fails(errno.EROFS, open, "/new", "w")
fails(errno.EROFS, open, "/lib/new", "w")
fails(errno.EROFS, os.mkdir, "/new")
fails(errno.EROFS, os.unlink, os.__file__)
assert sys.argv[1].strip("/") in os.listdir("/")
assert set(os.listdir("/")) >= {"lib", "python.wasm"}

shutil.rmtree(root / "z")
assert sorted(os.listdir(root)) == ["a.txt"]
print("files ok")
