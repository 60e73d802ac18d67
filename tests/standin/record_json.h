// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "recorder.h"

namespace chatvim::standin {

// What a client wants to see of the records.
struct RecordView {
  bool bodies = true;
  bool times = true;  // the list of every write's time
};

// One request and its reply as a JSON object in text.
std::string exchange_json(const Snapshot::Entry& entry, const RecordView& view);

// Everything, as a JSON object in text; `met` says whether what was waited for has come.
std::string snapshot_json(const Snapshot& snapshot, const RecordView& view, bool met);

}  // namespace chatvim::standin
