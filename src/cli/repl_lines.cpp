// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "chatvim/terminal/entry.hpp"
#include "output.hpp"
#include "repl_input.hpp"
#include "text_input.hpp"

namespace chatvim::cli {

namespace {

/// A line that ends with this continues.
constexpr char kContinues = '\\';

/// Reads standard input line by line.
class LineInput final : public ReplInput {
 public:
  explicit LineInput(bool prompts) : prompts_(prompts) {}

  std::optional<std::string> read() override {
    if (prompts_) say_lines("> ");
    auto text = read_line();
    while (text && (text->ends_with(kContinues) || terminal::is_open_entry(*text))) {
      const bool is_open = terminal::is_open_entry(*text);
      const auto more = read_line();
      if (!more) break;
      if (!is_open) text->pop_back();
      *text += "\n" + *more;
    }
    return text;
  }

  bool is_user() const override { return false; }
  void ask(std::string_view, std::function<void(std::optional<std::string>)> on_line) override {
    on_line(std::nullopt);
  }
  void lend(const std::function<void()>& run) override { run(); }

 private:
  std::optional<std::string> read_line() {
    std::size_t end = std::string::npos;
    while ((end = rest_.find('\n', searched_)) == std::string::npos && !ended_) {
      searched_ = rest_.size();
      const auto piece = read_piece();
      ended_ = !piece;
      rest_ += piece.value_or("");
    }
    searched_ = 0;
    if (rest_.empty()) return std::nullopt;
    std::string line = rest_.substr(0, end);
    rest_.erase(0, end == std::string::npos ? end : end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }

  bool prompts_;
  bool ended_ = false;
  std::string rest_;          ///< read, but not returned
  std::size_t searched_ = 0;  ///< bytes of it that have no line break
};

}  // namespace

std::unique_ptr<ReplInput> read_lines(bool prompts) { return std::make_unique<LineInput>(prompts); }

}  // namespace chatvim::cli
