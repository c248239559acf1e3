#!/usr/bin/env bash
# test_rfc_examples - the signed examples of RFC 6376 and RFC 8463 and changed
# copies of them, their keys served by the lab; skipped without the data
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
data=${2:-}/dkim_verifier
if [ ! -s "$data/rfc6376-A.2.eml" ]; then
	echo "skipped: there is no conformance data in \"${2:-}\""
	exit 77
fi
mkdir -p "$desk/world"
"$here/../lab/samples.sh" "$desk/world"
python3 - "$data/dns.json" >"$desk/world/example.com.records" <<'END'
import json, sys
for name, types in json.load(open(sys.argv[1])).items():
    if name.endswith(".example.com") and "TXT" in types:
        for text in types["TXT"]:
            parts = " ".join('"%s"' % text[i:i + 200]
                             for i in range(0, len(text), 200))
            print("%s. IN TXT %s" % (name, parts))
END
echo "example.com=$desk/world/example.com.records" >>"$desk/world/zones"
desk_start "$desk" "$build"

# dkim FILE RESULT...: of each signature
dkim() {
	local file=$1 i=0 result
	shift
	judge "$data/$file"
	for result in "$@"; do
		expect "$file, signature $i" "$result" \
			"$(key "dkim.$i.result" <"$desk/report")"
		i=$((i + 1))
	done
}
dkim rfc6376-A.2.eml pass
dkim rfc8463-A.3.eml pass pass
dkim rfc6376-A.2-body_modified.eml fail
dkim rfc6376-A.2-header_subject_modified.eml fail
dkim rfc6376-A.2-ill_formed-missing_v.eml permerror
judge "$data/rfc8463-A.3-key_algo_mismatch.eml"
case $(key dkim.0.result <"$desk/report")$(key dkim.1.result \
	<"$desk/report") in
passpass) fail 'a key of another algorithm passed' ;;
esac
echo "asserted $asserted"
