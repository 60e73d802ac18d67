-- SPDX-License-Identifier: Apache-2.0
-- Recovers the part of an answer that had arrived when Neovim or the program died: names the
-- journal of a chat, offers it once, and restores its text. The program writes and reads journals
-- and finds the missing text.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")
local uv = vim.uv
local numbers = require("chatvim.view.numbers")

--- Retry limit when the buffer changes before the program has answered.
local TRIES = 3

--- Recovered text that is in the buffer but not in its file yet.
---@class chatvim.Recover.Unwritten
---@field journal string discarded once the text is written
---@field sequence integer the number of the change that restored the text

--- Resolves symbolic links in a path; the file need not exist.
---@param name string
---@return string
local function real_path(name)
  local real = uv.fs_realpath(name)
  if real then
    return real
  end
  local target = vim.fn.resolve(name)
  local folder = uv.fs_realpath(vim.fs.dirname(target))
  return folder and vim.fs.joinpath(folder, vim.fs.basename(target)) or target
end

--- Returns the path of a chat's journal. It is derived from the file's real path, so that one
--- `stat` shows whether it exists. Chats without a file share a journal.
---@param buf integer
---@return string
function M.path(buf)
  return M.path_of(api.nvim_buf_get_name(buf))
end

--- Returns the path of the journal of a chat's file.
---@param name string the file; "" for a chat without one
---@return string
function M.path_of(name)
  local key = name == "" and "no-file" or vim.fn.sha256(real_path(name))
  return vim.fs.joinpath(vim.fn.stdpath("state") --[[@as string]], "chatvim", key .. ".journal")
end

--- Whether the chat has a journal, left behind by an answer or still being written.
---@param buf integer
---@return boolean
function M.exists(buf)
  return uv.fs_stat(M.path(buf)) ~= nil
end

--- Describes a time in words, with the date unless it is today.
---@param time integer
---@return string
function M.describe_time(time)
  local today = os.date("%Y-%m-%d") == os.date("%Y-%m-%d", time)
  return os.date(today and "at %H:%M" or "on %Y-%m-%d at %H:%M", time) --[[@as string]]
end

--- Returns the message that offers to recover an answer. It names the command early because a
--- narrow screen shows only its beginning.
---@param found { characters: integer, time: integer, whole?: boolean }
---@return string
local function offer(found)
  local what = found.characters == 0 and "a question was left without its answer"
    or ("an answer of %s was %s"):format(
      numbers.things(found.characters, "character"),
      found.whole and "not saved" or "cut off"
    )
  return ("%s %s; :ChatvimRecover puts it back"):format(what, M.describe_time(found.time))
end

--- Offers to recover an unfinished answer, once. Does not start the program if there is no journal.
---@param buf integer a buffer that was just read
function M.offer(buf)
  if api.nvim_buf_get_name(buf) == "" or not M.exists(buf) then
    return
  end
  -- Later, so that the file is on the screen first.
  vim.schedule(function()
    if not api.nvim_buf_is_loaded(buf) then
      return
    end
    require("chatvim.program.query").ask("recoverable", buf, function(err, found)
      if not err then
        require("chatvim.notify").show(offer(found), "info")
      end
    end, { journal = M.path(buf) })
  end)
end

--- Returns the number of the change that led to the buffer's current text.
---@param buf integer
---@return integer
local function change_number(buf)
  return api.nvim_buf_call(buf, vim.fn.changenr)
end

---@param journal string
local function discard(journal)
  require("chatvim.program.process").send("discard", { journal = journal })
end

--- Discards a journal once its text is in the file, unless the recovery was undone first.
---@param buf integer
---@param journal string
local function discard_when_written(buf, journal)
  if not vim.bo[buf].modified and api.nvim_buf_get_name(buf) ~= "" then
    discard(journal)
    return
  end
  state.get(buf).recovered = { journal = journal, sequence = change_number(buf) }
end

state.on("BufWritePost", function(chat)
  local recovered = chat.recovered
  -- A buffer written to another file, or only in part, stays modified.
  if not recovered or vim.bo[chat.buf].modified then
    return
  end
  chat.recovered = nil
  if change_number(chat.buf) >= recovered.sequence then
    discard(recovered.journal)
  end
end)

--- The missing text that the program has found.
---@class chatvim.Recovered
---@field first integer from 0
---@field last integer
---@field lines string[] empty if nothing is missing
---@field characters integer the length of the answer
---@field time integer when its last text arrived, in seconds since 1970
---@field journal string

---@param buf integer
---@param found chatvim.Recovered
local function put_back(buf, found)
  local notify = require("chatvim.notify")
  local missing = #found.lines > 0 or found.last > found.first
  if missing then
    local err = require("chatvim.chat.buffer").replace(buf, found.first, found.last, found.lines)
    if err then
      notify.show("nothing was put back: " .. err, "error")
      return
    end
  end
  local message
  if not missing then
    message = ("nothing is missing: what was cut off %s is all here"):format(
      M.describe_time(found.time)
    )
  elseif found.characters == 0 then
    message = "the question is back; write the file to keep it"
  else
    message = ("put back what was missing of an answer of %s; write the file to keep it"):format(
      numbers.things(found.characters, "character")
    )
  end
  discard_when_written(buf, found.journal)
  notify.show(message, "info")
end

--- Restores the part of a cut-off answer that the buffer lacks, or shows why it cannot.
---@param buf integer
---@param tries? integer
function M.run(buf, tries)
  local notify = require("chatvim.notify")
  local refusal = require("chatvim.chat.refusal").of_answer(buf)
  if refusal then
    notify.show(refusal, "warn")
    return
  end
  local tick = api.nvim_buf_get_changedtick(buf)
  require("chatvim.program.query").ask("recover", buf, function(err, found, level)
    if not api.nvim_buf_is_loaded(buf) then
      return
    end
    if err then
      notify.show(err, level)
      return
    end
    -- An answer may have begun in the meantime, or the user may have typed.
    local now = require("chatvim.chat.refusal").of_answer(buf)
    if not now and api.nvim_buf_get_changedtick(buf) ~= tick then
      tries = tries or TRIES
      if tries > 1 then
        return M.run(buf, tries - 1)
      end
      now = "the buffer keeps changing; try again when it does not"
    end
    if now then
      notify.show(now, "warn")
    else
      put_back(buf, found)
    end
  end, { journal = M.path(buf) })
end

return M
