// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "response_decoder.hpp"

namespace chatvim::wire {

/// Makes a decoder for the wire format, without wrappers.
std::unique_ptr<ResponseDecoder> make_plain_decoder(Api api);

}  // namespace chatvim::wire
