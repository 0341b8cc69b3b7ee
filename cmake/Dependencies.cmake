# Every third-party library, from Debian 12; docs/adr says why each was chosen.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
pkg_check_modules(LIBBPF REQUIRED IMPORTED_TARGET libbpf)

add_library(tl-expected INTERFACE)  # header-only: <tl/expected.hpp> in the default include path

# Asio and Beast are compiled once here, not in every file that includes them.
add_library(asio STATIC ${PROJECT_SOURCE_DIR}/cmake/asio.cc)
target_link_libraries(asio PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_compile_definitions(asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                       BOOST_ASIO_NO_DEPRECATED)

if(SALLYPORT_TESTS OR SALLYPORT_FUZZ)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  pkg_check_modules(LDNS REQUIRED IMPORTED_TARGET ldns)
endif()
