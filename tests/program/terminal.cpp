// SPDX-License-Identifier: Apache-2.0
#include "terminal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chatvim::testing {

namespace {

using Clock = std::chrono::steady_clock;

std::vector<char*> words_of(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// Only async-signal-safe calls are allowed here, between fork and exec.
[[noreturn]] void run(int terminal, const char* folder, char* const* argv, char* const* envp) {
  ::setsid();
  ::ioctl(terminal, TIOCSCTTY, 0);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(terminal, fd);
  ::signal(SIGPIPE, SIG_DFL);
  if (*folder == '\0' || ::chdir(folder) == 0) ::execve(argv[0], argv, envp);
  ::_exit(127);
}

}  // namespace

Terminal::Terminal(Command command) {
  fd_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd_ < 0 || ::grantpt(fd_) != 0 || ::unlockpt(fd_) != 0) {
    throw std::runtime_error("no pseudoterminal");
  }
  held_ = ::open(::ptsname(fd_), O_RDWR | O_NOCTTY | O_CLOEXEC);
  const winsize size{20, 60, 0, 0};
  ::ioctl(held_, TIOCSWINSZ, &size);
  command.environment.emplace("TERM", "xterm");
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  const auto argv = words_of(command.arguments);
  const auto envp = words_of(variables);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no child process");
  if (pid_ == 0) run(held_, command.folder.c_str(), argv.data(), envp.data());
}

Terminal::~Terminal() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(held_);
  ::close(fd_);
}

void Terminal::type(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count <= 0) throw std::runtime_error("the terminal takes no keys");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Terminal::resize(int columns) const {
  const winsize size{20, static_cast<unsigned short>(columns), 0, 0};
  ::ioctl(held_, TIOCSWINSZ, &size);
}

bool Terminal::read(int limit_ms) {
  pollfd waiting{fd_, POLLIN, 0};
  if (::poll(&waiting, 1, limit_ms) <= 0) return false;
  std::array<char, 65536> buffer{};
  const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
  if (count <= 0) return false;
  output_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

void Terminal::wait_for(std::string_view text) {
  const auto deadline = Clock::now() + kLimit;
  std::size_t at = 0;
  while ((at = output_.find(text, found_)) == std::string::npos) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0 || !read(static_cast<int>(left.count()))) {
      throw std::runtime_error(
          fmt::format("waited in vain for \"{}\" in:\n{}", text, output_.substr(found_)));
    }
  }
  found_ = at + text.size();
}

int Terminal::wait() {
  constexpr int kPause = 20;
  const auto deadline = Clock::now() + kLimit;
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) != pid_) {
    if (Clock::now() > deadline) throw std::runtime_error("it does not end:\n" + output_);
    read(kPause);
  }
  pid_ = -1;
  while (read(0)) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void Terminal::signal(int number) const { ::kill(pid_, number); }

bool Terminal::echoes() const {
  termios modes{};
  ::tcgetattr(held_, &modes);
  return (modes.c_lflag & ECHO) != 0 && (modes.c_lflag & ICANON) != 0;
}

}  // namespace chatvim::testing
