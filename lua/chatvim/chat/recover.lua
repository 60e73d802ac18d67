-- SPDX-License-Identifier: Apache-2.0
-- What had arrived of an answer when Neovim or the program died: names the journal of a chat,
-- offers it once, and puts its text back. The program writes and reads journals and finds what is
-- missing.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")
local uv = vim.uv
local numbers = require("chatvim.view.numbers")

--- Retry limit when the buffer changes before the program has answered.
local TRIES = 3

--- Recovered text that is in the buffer and not in its file yet.
---@class chatvim.Recover.Unwritten
---@field journal string discarded once the text is written
---@field sequence integer the number of the change that put the text back

--- The path with symbolic links resolved; the file need not exist.
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

--- The path of a chat's journal: derived from the file's real path, so that one `stat` shows if it
--- exists. Chats without a file share a name.
---@param buf integer
---@return string
function M.path(buf)
  local name = api.nvim_buf_get_name(buf)
  local key = name == "" and "no-file" or vim.fn.sha256(real_path(name))
  return vim.fs.joinpath(vim.fn.stdpath("state") --[[@as string]], "chatvim", key .. ".journal")
end

--- True when an answer to the chat has left a journal, or is being written.
---@param buf integer
---@return boolean
function M.exists(buf)
  return uv.fs_stat(M.path(buf)) ~= nil
end

--- A time in words, with the day only if it is not today.
---@param time integer
---@return string
function M.describe_time(time)
  local today = os.date("%Y-%m-%d") == os.date("%Y-%m-%d", time)
  return os.date(today and "at %H:%M" or "on %Y-%m-%d at %H:%M", time) --[[@as string]]
end

--- The message names the command early: a narrow screen shows only its beginning.
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

--- Offers what is left of an answer, once. Without a journal nothing is started.
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

--- The number of the change that the buffer's text is the result of.
---@param buf integer
---@return integer
local function change_number(buf)
  return api.nvim_buf_call(buf, vim.fn.changenr)
end

---@param journal string
local function discard(journal)
  require("chatvim.program.process").send("discard", { journal = journal })
end

--- Discards a journal once the text is safe in the file, unless it was undone before.
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
  -- A buffer that was written elsewhere, or in part, stays modified.
  if not recovered or vim.bo[chat.buf].modified then
    return
  end
  chat.recovered = nil
  if change_number(chat.buf) >= recovered.sequence then
    discard(recovered.journal)
  end
end)

--- What the program found missing.
---@class chatvim.Recovered
---@field first integer from 0
---@field last integer
---@field lines string[] empty if nothing is missing
---@field characters integer of the answer
---@field time integer when its last text came, in seconds since 1970
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

--- Puts back what the buffer lacks of an answer that was cut off. What prevents that is shown.
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
    -- Meanwhile an answer may have begun, and the user may have typed.
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
