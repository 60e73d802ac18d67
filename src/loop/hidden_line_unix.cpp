// SPDX-License-Identifier: Apache-2.0
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "chatvim/loop/system.hpp"
#include "restored_on_signal_unix.hpp"

namespace chatvim::loop {

namespace {

constexpr std::size_t kMostLine = 4096;

/// A terminal that shows nothing of what is typed, and whose keys raise no signals, until this
/// object is destroyed or a signal ends the program.
class HiddenInput {
 public:
  explicit HiddenInput(int fd) : fd_(fd) {
    if (::tcgetattr(fd, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    hidden.c_cc[VMIN] = 1;
    hidden.c_cc[VTIME] = 0;
    restored_ = std::make_unique<RestoredOnSignal>(fd, before_, -1, "");
    restored_->set_changed(true);
    is_set_ = ::tcsetattr(fd, TCSAFLUSH, &hidden) == 0;
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;
  ~HiddenInput() {
    if (is_set_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  bool is_set() const { return is_set_; }

 private:
  int fd_;
  termios before_{};
  std::unique_ptr<RestoredOnSignal> restored_;
  bool is_set_ = false;
};

/// Reads one byte; returns false at the end of the input.
bool read_byte(int fd, char& byte) {
  ssize_t count = 0;
  do {
    count = ::read(fd, &byte, 1);
  } while (count < 0 && errno == EINTR);
  return count == 1;
}

}  // namespace

std::optional<std::string> read_hidden_line(int terminal, const std::function<void()>& prompt) {
  constexpr char kInterrupt = '\x03';
  constexpr char kEnd = '\x04';
  constexpr char kErase = '\x08';
  constexpr char kDelete = '\x7F';
  constexpr char kEraseLine = '\x15';
  const HiddenInput hidden(terminal);
  if (!hidden.is_set()) return std::nullopt;
  // Only now: what is typed as soon as the prompt appears must not be shown.
  prompt();
  std::string line;
  for (char byte = 0; read_byte(terminal, byte);) {
    if (byte == '\n' || byte == '\r') return line;
    if (byte == kInterrupt || (byte == kEnd && line.empty())) return std::nullopt;
    if (byte == kErase || byte == kDelete) {
      if (!line.empty()) line.pop_back();
    } else if (byte == kEraseLine) {
      line.clear();
    } else if (line.size() < kMostLine) {
      line.push_back(byte);
    }
  }
  return std::nullopt;
}

}  // namespace chatvim::loop
