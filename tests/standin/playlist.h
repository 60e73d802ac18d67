// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "http.h"
#include "script.h"

namespace chatvim::standin {

// Chooses the reply to each request from the loaded scripts. Thread-safe.
class Playlist {
 public:
  // Sets the script to which reset() returns; the default is the demonstration.
  void set_initial(Script script);
  // Replaces the current script, or appends the script's replies to it.
  void load(const Script& script, bool append);
  void reset();

  // Returns the first matching reply and removes it from the list unless it repeats. If a script
  // was loaded but no reply matches, returns an error reply with status 501.
  std::shared_ptr<const Reply> choose(const HttpRequest& request);
  // Returns how to treat the next connection.
  Greeting greeting() const;
  // Returns the number of replies left.
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::optional<Script> initial_;
  std::deque<std::shared_ptr<const Reply>> replies_;
  bool scripted_ = false;
  Greeting greeting_ = Greeting::kServe;
};

}  // namespace chatvim::standin
