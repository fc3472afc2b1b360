# etude_add_plugin(NAME FILE.cpp [LINK target...]) - one plugin from one file, with the flags that the contract needs (plugin_flags.txt).
# Used by this build and, installed beside the SDK, by plugins out of the tree.
set(ETUDE_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)
set(ETUDE_PLUGIN_FLAGS_FILE ${CMAKE_CURRENT_LIST_DIR}/plugin_flags.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ETUDE_PLUGIN_FLAGS_FILE} ${ETUDE_PLUGIN_MAP})

# etude_plugin_flags(KIND RESULT): the flags of one kind.
function(etude_plugin_flags kind result)
  file(STRINGS ${ETUDE_PLUGIN_FLAGS_FILE} lines REGEX "^${kind} ")
  list(TRANSFORM lines REPLACE "^[^ ]+ " "")
  set(${result} ${lines} PARENT_SCOPE)
endfunction()
etude_plugin_flags(all ETUDE_PLUGIN_FLAGS)
etude_plugin_flags("c\\+\\+" ETUDE_PLUGIN_CXX_FLAGS)
etude_plugin_flags(clang ETUDE_PLUGIN_CLANG_FLAGS)
etude_plugin_flags(link ETUDE_PLUGIN_LINK_FLAGS)

function(etude_add_plugin name file)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} MODULE ${file})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
                        C_STANDARD 11 LINK_DEPENDS ${ETUDE_PLUGIN_MAP})
  target_compile_options(${name} PRIVATE ${ETUDE_PLUGIN_FLAGS} "$<$<COMPILE_LANGUAGE:CXX>:${ETUDE_PLUGIN_CXX_FLAGS}>"
                         "$<$<OR:$<COMPILE_LANG_AND_ID:CXX,Clang>,$<COMPILE_LANG_AND_ID:C,Clang>>:${ETUDE_PLUGIN_CLANG_FLAGS}>")
  target_link_options(${name} PRIVATE ${ETUDE_PLUGIN_LINK_FLAGS} LINKER:--version-script=${ETUDE_PLUGIN_MAP})
  target_link_libraries(${name} PRIVATE etude::sdk ${ARG_LINK})
endfunction()
