# Turns the interface definition into a C string: cmake -DFROM= -DTO= -P
file(READ "${FROM}" text)
string(REGEX REPLACE "<!--[^>]*-->" "" text "${text}")
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n\t\"" text "${text}")
file(WRITE "${TO}" "/* made from ${FROM} */\n#include \"agent/bus/interface.h\"\n\nconst char interface_xml[] =\n\t\"${text}\";\n")
