# bpf_program(TARGET SOURCE SYMBOL): compiles SOURCE with clang for the BPF machine and links the object file
# into TARGET as the bytes `SYMBOL`, `SYMBOL_end`.
find_program(BPF_CLANG NAMES clang-16 clang REQUIRED)

function(bpf_program target source symbol)
  set(object ${PROJECT_BINARY_DIR}/${symbol}.bpf.o)
  set(carrier ${PROJECT_BINARY_DIR}/${symbol}.S)
  add_custom_command(OUTPUT ${object}
    COMMAND ${BPF_CLANG} -target bpf -O2 -g -Wall -Werror -I/usr/include/x86_64-linux-gnu -I/usr/include/${CMAKE_SYSTEM_PROCESSOR}-linux-gnu
            -c ${PROJECT_SOURCE_DIR}/${source} -o ${object}
    DEPENDS ${PROJECT_SOURCE_DIR}/${source} VERBATIM)
  file(CONFIGURE OUTPUT ${carrier} CONTENT [=[
    .section .rodata
    .balign 8
    .global @symbol@
    .global @symbol@_end
@symbol@:
    .incbin "@object@"
@symbol@_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits
]=] @ONLY)
  set_source_files_properties(${carrier} PROPERTIES OBJECT_DEPENDS ${object} LANGUAGE ASM)
  target_sources(${target} PRIVATE ${carrier})
endfunction()
