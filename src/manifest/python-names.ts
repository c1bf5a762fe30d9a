/**
 * The top-level modules of CPython's standard library: `sys.stdlib_module_names` and `sys.builtin_module_names` of
 * 3.11 to 3.15 together. A module of a manifest that has one of these names would hide it, or never be found.
 */
export const stdlibModules: ReadonlySet<string> = words(`
	__future__ _abc _aix_support _android_support _apple_support _ast _ast_unparse _asyncio _bisect _blake2
	_bootsubprocess _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections
	_collections_abc _colorize _compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _curses_panel
	_datetime _dbm _decimal _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib
	_heapq _hmac _imp _interpchannels _interpqueues _interpreters _io _ios_support _json _locale _lsprof _lzma
	_markupbase _math_integer _md5 _msi _multibytecodec _multiprocessing _opcode _opcode_metadata _operator
	_osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _py_warnings _pydatetime _pydecimal _pyio
	_pylong _pyrepl _queue _random _remote_debugging _scproxy _sha1 _sha2 _sha256 _sha3 _sha512 _signal
	_sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct _suggestions _symtable
	_sysconfig _thread _threading_local _tkinter _tokenize _tracemalloc _types _typing _uuid _warnings _weakref
	_weakrefset _winapi _wmi _zoneinfo _zstd abc aifc annotationlib antigravity argparse array ast asynchat asyncio
	asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code
	codecs codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy
	copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings
	ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath
	getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib
	inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math
	mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode
	operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix
	posixpath pprint profile profiling pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random
	re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site
	smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics
	string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile
	termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty
	turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg
	winsound wsgiref xdrlib xml xmlrpc xxsubtype zipapp zipfile zipimport zlib zoneinfo
`);

/** Words that Python's grammar keeps for itself in every place. `match`, `case`, `type` and `_` are ordinary names. */
export const pythonKeywords: ReadonlySet<string> = words(`
	False None True and as assert async await break class continue def del elif else except finally for from global
	if import in is lambda nonlocal not or pass raise return try while with yield
`);

/** Modules that an interpreter or cpybuild itself brings along under these names, or C files of cpybuild's. */
export const reservedModules: ReadonlySet<string> = words(`
	__main__ _cpybuild _cpybuild_call _cpybuild_class _cpybuild_enum _cpybuild_exports _cpybuild_list _cpybuild_package
	_cpybuild_packages _cpybuild_resource _embed _report
`);

function words(text: string): ReadonlySet<string> {
	return new Set(text.trim().split(/\s+/));
}
