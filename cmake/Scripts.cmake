# SPDX-License-Identifier: Apache-2.0
# Lets the program write its manual page and completion scripts below FOLDER, in the layout of share/:
# cmake -DPROGRAM=… -DFOLDER=… -P Scripts.cmake
function(chatvim_write file)
  get_filename_component(folder ${FOLDER}/${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_FILE ${FOLDER}/${file} RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    file(REMOVE ${FOLDER}/${file})
    message(FATAL_ERROR "${PROGRAM} ${ARGN} failed: ${code}")
  endif()
endfunction()

chatvim_write(man/man1/chatvim.1 man)
chatvim_write(bash-completion/completions/chatvim completion bash)
chatvim_write(zsh/site-functions/_chatvim completion zsh)
chatvim_write(fish/vendor_completions.d/chatvim.fish completion fish)
