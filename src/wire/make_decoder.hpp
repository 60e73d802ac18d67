// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "response_decoder.hpp"

namespace chatvim::wire {

/// A decoder of the wire format, with nothing around it.
std::unique_ptr<ResponseDecoder> make_plain_decoder(Api api);

}  // namespace chatvim::wire
