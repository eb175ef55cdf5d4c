#!/bin/sh
#
# embed.sh - an SQL file as a C string: sh embed.sh sql/sqlite.sql >out.h
#
# Lines that are only a comment are left out.

set -eu

echo "/* Made from ${1##*/} by embed.sh. */"
echo "static const char sqlite_mig_tables[] ="
sed -e '/^--/d' -e '/^$/d' -e 's/[\\"]/\\&/g' -e 's/.*/	"&\\n"/' \
	-e '$s/$/;/' "$1"
