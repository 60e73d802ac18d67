// SPDX-License-Identifier: Apache-2.0
#include "chatvim/loop/terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstdlib>

#include "restored_on_signal_unix.hpp"

namespace chatvim::loop {

namespace {

/// The modes that were found.
termios g_found{};
int g_screen = -1;

constexpr std::string_view kMarkPastes = "\x1B[?2004h";
constexpr std::string_view kLeavePastes = "\x1B[?2004l";

void show(std::string_view sequence) {
  [[maybe_unused]] const ssize_t put = ::write(g_screen, sequence.data(), sequence.size());
}

termios modes_for(Terminal::Mode mode) {
  termios modes = g_found;
  if (mode == Terminal::Mode::kAsFound) return modes;
  modes.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  // Enter stays a carriage return, also if it is pressed ahead.
  modes.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR);
  // CTRL-Z would leave the shell with these modes.
  modes.c_cc[VSUSP] = _POSIX_VDISABLE;
  if (mode == Terminal::Mode::kKeys) {
    modes.c_lflag &= ~static_cast<tcflag_t>(ISIG | IEXTEN);
    modes.c_iflag &= ~static_cast<tcflag_t>(IXON);
  }
  return modes;
}

std::vector<char*> pointers_to(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments)
    pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

int exit_code_of_child(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  constexpr int kSignalBase = 128;
  return WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

struct Terminal::Impl {
  std::unique_ptr<RestoredOnSignal> restored;
  bool marks_pastes = false;
};

Terminal::Terminal(int screen) : impl_(std::make_unique<Impl>()) {
  g_screen = screen;
  if (::tcgetattr(STDIN_FILENO, &g_found) != 0) return;
  impl_->restored = std::make_unique<RestoredOnSignal>(STDIN_FILENO, g_found, screen, kLeavePastes);
}

Terminal::~Terminal() { set(Mode::kAsFound); }

void Terminal::set(Mode mode) {
  // A process in the background must not touch the terminal: it would be stopped.
  if (::tcgetpgrp(STDIN_FILENO) != ::getpgrp()) return;
  const termios modes = modes_for(mode);
  if (mode != Mode::kAsFound && impl_->restored) impl_->restored->set_changed(true);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
  const bool marks = mode == Mode::kKeys;
  if (marks != impl_->marks_pastes) show(marks ? kMarkPastes : kLeavePastes);
  impl_->marks_pastes = marks;
  if (mode == Mode::kAsFound && impl_->restored) impl_->restored->set_changed(false);
}

void Terminal::suspend() {
  set(Mode::kAsFound);
  ::kill(0, SIGTSTP);
}

void Terminal::discard_keys() { ::tcflush(STDIN_FILENO, TCIFLUSH); }

std::pair<std::size_t, std::size_t> terminal_size(int screen) {
  winsize size{};
  if (::ioctl(screen, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {80, 24};
  }
  return {size.ws_col, size.ws_row};
}

int run_in_foreground(const std::vector<std::string>& arguments) {
  const auto pointers = pointers_to(arguments);
  struct sigaction ignore {};
  struct sigaction old {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &old);
  const pid_t child = ::fork();
  if (child == 0) {
    sigaction(SIGINT, &old, nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    ::execvp(pointers[0], pointers.data());
    constexpr int kNotFound = 127;
    ::_exit(kNotFound);
  }
  const int code = child < 0 ? -1 : exit_code_of_child(child);
  sigaction(SIGINT, &old, nullptr);
  return code;
}

void become(const std::vector<std::string>& arguments) {
  const auto pointers = pointers_to(arguments);
  std::signal(SIGPIPE, SIG_DFL);
  ::execvp(pointers[0], pointers.data());
  const int reason = errno;
  std::signal(SIGPIPE, SIG_IGN);
  errno = reason;
}

std::string program_path() {
#if defined(__APPLE__)
  std::array<char, PATH_MAX> named{};
  std::uint32_t size = named.size();
  if (_NSGetExecutablePath(named.data(), &size) != 0) return {};
  const char* const path = named.data();
#else
  const char* const path = "/proc/self/exe";
#endif
  char* const real = ::realpath(path, nullptr);
  const std::string found = real == nullptr ? "" : real;
  std::free(real);
  return found;
}

std::optional<std::string> make_temporary_file(std::string_view folder, std::string_view suffix) {
  std::string path = std::string(folder) + "/chatvim-XXXXXX" + std::string(suffix);
  // The mode is 0600 (POSIX, mkstemp).
  const int fd = ::mkstemps(path.data(), static_cast<int>(suffix.size()));
  if (fd < 0) return std::nullopt;
  ::close(fd);
  return path;
}

}  // namespace chatvim::loop
