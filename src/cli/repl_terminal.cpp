// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "chatvim/loop/system.hpp"
#include "chatvim/loop/terminal.hpp"
#include "chatvim/terminal/entry.hpp"
#include "chatvim/terminal/keys.hpp"
#include "chatvim/terminal/line_editor.hpp"
#include "chatvim/terminal/screen.hpp"
#include "repl_input.hpp"

namespace chatvim::cli {

namespace {

using terminal::LineEditor;

constexpr std::string_view kPrompt = "> ";
constexpr std::string_view kContinued = ". ";
/// To the first cell, and erase all (ECMA-48, 8.3.21 and 8.3.39).
constexpr std::string_view kClearScreen = "\x1B[H\x1B[2J";

/// Reads one text at a time. The loop runs meanwhile, so that servers of tools are served.
class TerminalInput final : public ReplInput {
 public:
  TerminalInput(loop::Loop& loop, int screen, terminal::History& history)
      : loop_(loop), screen_fd_(screen), terminal_(screen), history_(history) {}

  std::optional<std::string> read() override {
    std::optional<std::string> entered;
    begin(kPrompt, history_, &terminal::is_open_entry, [&](std::optional<std::string> text) {
      entered = std::move(text);
      loop_.quit();
    });
    loop_.run();
    return entered;
  }

  bool is_user() const override { return true; }

  void ask(std::string_view prompt,
           std::function<void(std::optional<std::string>)> on_line) override {
    terminal_.discard_keys();
    keys_.clear();
    reader_ = {};
    cancels_ = true;
    begin(prompt, no_history_, nullptr, std::move(on_line));
  }

  void lend(const std::function<void()>& run) override {
    terminal_.set(loop::Terminal::Mode::kAsFound);
    run();
    terminal_.set(loop::Terminal::Mode::kQuiet);
  }

 private:
  void begin(std::string_view prompt, terminal::History& history,
             std::function<bool(std::string_view)> is_open,
             std::function<void(std::optional<std::string>)> on_text) {
    prompt_ = prompt;
    on_text_ = std::move(on_text);
    editor_.emplace(history, std::move(is_open));
    terminal_.set(loop::Terminal::Mode::kKeys);
    draw();
    watcher_ =
        std::make_unique<loop::Watcher>(loop_, loop::standard_input(), [this] { receive(); });
    // Keys that came together with the one that ended the last text.
    if (!keys_.empty()) loop_.post([this] { take_keys(); });
  }

  void receive() {
    std::array<char, 4096> buffer{};
    std::size_t count = 0;
    switch (loop::read_some(loop::standard_input(), buffer.data(), buffer.size(), count)) {
      case loop::Transfer::kWouldBlock:
        return;
      case loop::Transfer::kClosed:
        return end(std::nullopt);
      case loop::Transfer::kDone:
        for (auto& key : reader_.feed({buffer.data(), count})) keys_.push_back(std::move(key));
        take_keys();
    }
  }

  void take_keys() {
    while (!keys_.empty() && editor_) {
      const terminal::Key key = std::move(keys_.front());
      keys_.erase(keys_.begin());
      take(editor_->take(key));
    }
    if (editor_) draw();
  }

  void take(LineEditor::Event event) {
    switch (event) {
      case LineEditor::Event::kNone:
        return;
      case LineEditor::Event::kEntered:
        return end(editor_->text());
      case LineEditor::Event::kEnded:
        return end(std::nullopt);
      case LineEditor::Event::kCancelled:
        if (cancels_) return end(std::nullopt);
        show(screen_.leave());
        return editor_->clear();
      case LineEditor::Event::kClearScreen:
        screen_.forget();
        return show(kClearScreen);
      case LineEditor::Event::kSuspend:
        show(screen_.leave());
        terminal_.suspend();
        return terminal_.set(loop::Terminal::Mode::kKeys);
    }
  }

  void end(std::optional<std::string> text) {
    draw();
    show(screen_.leave());
    terminal_.set(loop::Terminal::Mode::kQuiet);
    watcher_.reset();
    editor_.reset();
    cancels_ = false;
    std::exchange(on_text_, nullptr)(std::move(text));
  }

  void draw() {
    const auto [columns, rows] = loop::terminal_size(screen_fd_);
    show(screen_.draw({prompt_, kContinued, editor_->text(), editor_->cursor()}, {columns, rows}));
  }

  void show(std::string_view text) const { loop::write_all(screen_fd_, text); }

  loop::Loop& loop_;
  int screen_fd_;
  loop::Terminal terminal_;
  terminal::History& history_;
  terminal::History no_history_;
  terminal::KeyReader reader_;
  std::vector<terminal::Key> keys_;  ///< that have not been used yet
  terminal::Screen screen_;
  std::string prompt_;
  std::optional<LineEditor> editor_;  ///< while a text is read
  std::function<void(std::optional<std::string>)> on_text_;
  std::unique_ptr<loop::Watcher> watcher_;
  bool cancels_ = false;  ///< CTRL-C ends the text, other than clearing it
  loop::Resizes resizes_{loop_, [this] {
                           if (editor_) draw();
                         }};
};

}  // namespace

std::unique_ptr<ReplInput> read_terminal(loop::Loop& loop, int screen, terminal::History& history) {
  return std::make_unique<TerminalInput>(loop, screen, history);
}

std::optional<int> find_screen(std::string_view term) {
  if (term.empty() || term == "dumb" || !loop::is_terminal(loop::standard_input())) return {};
  for (const int fd : {loop::standard_error(), loop::standard_output()}) {
    if (loop::is_terminal(fd)) return fd;
  }
  return {};
}

}  // namespace chatvim::cli
