# etude_add_plugin(NAME FILE.cpp [LINK target...]) - one plugin from one file, with the flags that the contract needs:
#   -O3 -fno-math-errno      so that kernels with sqrt vectorise
#   -ffp-contract=off        so that every instruction set gives the same bits
#   hidden visibility, a version script and -z defs: exactly one symbol is exported, nothing is left undefined
# Used by this build and, installed beside the SDK, by plugins out of the tree.
set(ETUDE_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

function(etude_add_plugin name file)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} MODULE ${file})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
                        C_STANDARD 11 CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
                        LINK_DEPENDS ${ETUDE_PLUGIN_MAP})
  target_compile_options(${name} PRIVATE -O3 -fno-math-errno -ffp-contract=off $<$<CXX_COMPILER_ID:Clang>:-mprefer-vector-width=512>)
  target_link_options(${name} PRIVATE LINKER:-z,defs LINKER:--version-script=${ETUDE_PLUGIN_MAP})
  target_link_libraries(${name} PRIVATE etude::sdk ${ARG_LINK})
endfunction()
