// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chatvim/embed/expand.hpp"
#include "chatvim/environment.hpp"
#include "job.hpp"

namespace chatvim::toolbox {

/// A call of a built-in tool. Asks the user about paths that need permission, and the editor for
/// the text of files with unsaved changes.
class FileJob final : public Job {
 public:
  FileJob(loop::Loop& loop, Consents& consents, const CallContext& context, tools::Server server,
          const Environment& environment, document::ToolCall call,
          std::function<void(CallEnd)> on_done);

  void start();

 private:
  void find_tool();
  void run();
  void ask_about(const embed::Outside& outside);
  void ask_about(const std::vector<embed::Secret>& secrets);
  void ask_for_text(const std::string& path);

  tools::Server server_;
  document::ToolCall call_;
  embed::Context files_;
};

}  // namespace chatvim::toolbox
