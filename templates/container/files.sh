#!/bin/sh
# Answers a question about the files of this machine: sh files.sh QUESTION PATH...
# Needs no more than what every image has in which CPython can be built. Programs and libraries have plain names.
set -eu

question=$1
shift

case $question in
existing) # yes or no for each path
	for path; do
		if [ -e "$path" ]; then echo yes; else echo no; fi
	done
	;;
names) # what is in a folder
	[ ! -d "$1" ] || ls -A "$1"
	;;
real) # the path without links
	readlink -f "$1"
	;;
text)
	cat "$1"
	;;
hashes) # the sha256 of each file
	for path; do
		sha256sum <"$path"
	done
	;;
tree) # sha256 and path of each file below a folder, links followed
	if [ -d "$1" ]; then
		cd "$1"
		# It fails for links that lead around in a circle or nowhere, and goes on.
		find -L . -type f -exec sha256sum {} + 2>/dev/null || true
	fi
	;;
libraries) # what the loader finds for a program; nothing for static ones and scripts
	ldd "$1" 2>/dev/null || true
	;;
*)
	echo "no such question: $question" >&2
	exit 2
	;;
esac
