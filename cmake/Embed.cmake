# SPDX-License-Identifier: Apache-2.0
# Writes the bytes of INPUT to OUTPUT as a C++ array: cmake -DINPUT=… -DOUTPUT=… -P Embed.cmake
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "// Made from data/models.json by cmake/Embed.cmake.
#include <cstddef>
namespace chatvim::provider {
extern const unsigned char kModelData[];
extern const std::size_t kModelDataSize;
const unsigned char kModelData[] = {${bytes}};
const std::size_t kModelDataSize = sizeof(kModelData);
}  // namespace chatvim::provider
")
