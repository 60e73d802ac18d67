// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "recorder.h"

namespace chatvim::standin {

// What a client wants to see of the records.
struct RecordView {
  bool bodies = true;
  bool times = true;  // include the list of every write's time
};

// Returns a request and its reply as JSON text.
std::string exchange_json(const Snapshot::Entry& entry, const RecordView& view);

// Returns everything as JSON text; `met` says whether the awaited condition holds.
std::string snapshot_json(const Snapshot& snapshot, const RecordView& view, bool met);

}  // namespace chatvim::standin
