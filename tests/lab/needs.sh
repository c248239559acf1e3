# shellcheck shell=bash
# needs.sh - a test that is skipped where a program is missing
#
# To source.  CTest shows status 77 as "Skipped", tools/test counts it.

# needs PROGRAM...
needs() {
	local program
	for program in "$@"; do
		command -v "$program" >/dev/null && continue
		echo "SKIPPED: there is no $program; tools/setup installs it"
		exit 77
	done
}
